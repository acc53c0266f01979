import { expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde } from '../serde/serde.ts'
import { crashReplay, crashStep } from './crash-replay.ts'
import { jsonTopic } from './json-topic.ts'

const words = jsonTopic<string>('words', { keyOf: (word) => word })
const lengths = jsonTopic<number>('lengths')

const counting = (measure: (word: string) => number) => () => {
  const builder = new StreamsBuilder('measuring')
  const store = builder.store('seen', { value: jsonSerde<number>() })
  const stream = builder.stream('words', words)
  stream.groupByKey().count('count', { store })
  stream.mapValues('measure', measure).to('lengths', lengths)
  return builder.build()
}

const steps = ['to', 'be', 'to'].map((word) => crashStep(words, word))
const watch = { topics: ['lengths'], stores: ['seen'] }

test('finds the same traces of a topology that depends on its input alone', async () => {
  const { calm, crashed } = await crashReplay(
    counting((word) => word.length),
    steps,
    watch,
  )
  expect(crashed).toEqual(calm)
  expect(calm.stores).toEqual({
    seen: [
      ['be', 1],
      ['to', 2],
    ],
  })
  expect(calm.outputs['lengths']).toHaveLength(3)
})

test('finds a topology out that remembers something beside its stores', async () => {
  let calls = 0
  const impure = counting(() => {
    calls += 1
    return calls
  })
  const { calm, crashed } = await crashReplay(impure, steps, watch)
  expect(crashed).not.toEqual(calm)
})
