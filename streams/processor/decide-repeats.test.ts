import { expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde } from '../serde/serde.ts'
import { events, type Input, type Invoice, inputs, invoices, open, pay } from '../testing/invoice-scene.ts'
import { recordsOf, TaskScene } from '../testing/task-scene.ts'

/** A task that decides inputs, as they come or behind a step that nobody can look through. */
function answering(through: 'as they come' | 'unseen') {
  const builder = new StreamsBuilder('app')
  const store = builder.store('invoice', { value: jsonSerde<Invoice>() })
  const answers = builder.store('answers', { value: jsonSerde<string>() })
  const { dueAt: _, ...timeless } = invoices
  const stream = builder.stream('inputs', inputs)
  const given = through === 'unseen' ? stream.mapValues('copy', (input) => ({ ...input })) : stream
  given
    .decide('decide', {
      store,
      decider: timeless,
      answers: {
        store: answers,
        idOf: (input) => ('id' in input ? input.id : null),
        answer: (_input, [event]) => event?.type ?? '',
        keepMs: Infinity,
        answeredAtMs: () => 0,
      },
    })
    .to('events', events)
  const scene = new TaskScene(builder.build())
  return { scene, given: (input: Input) => scene.record('inputs', 'k', JSON.stringify(input)) }
}

test('leaves the memory to states: the answer of a command that comes again is read again', async () => {
  const { scene, given } = answering('as they come')
  const first = open('a', 0)
  await scene.commit(await scene.process([given(first)]))
  await scene.commit(await scene.process([given(pay('a'))]))
  await scene.commit(await scene.process([given(first), given(pay('a'))]))
  // A state and an answer, an answer, and two answers; the state stays.
  expect(scene.backend.gets).toEqual([2, 1, 2])
  expect(scene.task.stats()).toMatchObject({ repeats: 1 })
})

test('counts a repeat once, also where it was looked at before its turn', async () => {
  // What a command says is not known before it gets here, so that its state cannot be loaded ahead.
  const { scene, given } = answering('unseen')
  const first = open('a', 0)
  await scene.commit(await scene.process([given(first)]))
  const batch = await scene.process([given(open('b', 0)), given(first), given(open('c', 0))])
  expect(recordsOf(batch, 'events')).toHaveLength(2)
  expect(scene.task.stats()).toMatchObject({ repeats: 1 })
})
