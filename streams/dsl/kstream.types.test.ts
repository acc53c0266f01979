import { describe, expectTypeOf, test } from 'vitest'
import { jsonSerde } from '../serde/serde.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import type { KStream } from './kstream.ts'
import { StreamsBuilder } from './streams-builder.ts'

type Opened = { readonly type: 'Opened'; readonly id: string }
type Closed = { readonly type: 'Closed'; readonly id: string; readonly why: string }
type Change = Opened | Closed
type Tick = { readonly type: 'Tick'; readonly atMs: number }

const isClosed = (change: Change): change is Closed => change.type === 'Closed'

describe('the compiler', () => {
  const builder = new StreamsBuilder('types')
  const changes = builder.stream('changes', jsonTopic<Change>('changes'))
  const clock = builder.clock('clock', jsonTopic<Tick>('ticks'), { timeMs: (tick) => tick.atMs })
  const state = builder.store('state', { value: jsonSerde<{ count: number }>() })

  test('narrows a union by a type guard', () => {
    expectTypeOf(changes.filter('closed', isClosed)).toEqualTypeOf<KStream<string, Closed>>()
    expectTypeOf(changes.filter('by-hand', (change) => change.type === 'Opened')).toEqualTypeOf<
      KStream<string, Opened>
    >()
    expectTypeOf(changes.filter('any', (change) => change.id !== '')).toEqualTypeOf<KStream<string, Change>>()
  })

  test('narrows each branch by its own guard', () => {
    const { closed, opened, rest } = changes.branch('split', {
      closed: isClosed,
      opened: (change) => change.type === 'Opened',
      rest: (change) => change.id !== '',
    })
    expectTypeOf(closed).toEqualTypeOf<KStream<string, Closed>>()
    expectTypeOf(opened).toEqualTypeOf<KStream<string, Opened>>()
    expectTypeOf(rest).toEqualTypeOf<KStream<string, Change>>()
  })

  test('joins the types of merged streams', () => {
    const merged = changes.merge('merged', builder.stream('numbers', jsonTopic<number>('numbers')))
    expectTypeOf(merged).toEqualTypeOf<KStream<string, Change | number>>()
  })

  test('infers the events of a decider written in place', () => {
    const decided = changes.decide('in-place', {
      store: state,
      clock,
      dueStore: 'due',
      decider: {
        initial: () => ({ count: 0 }),
        decide: (before, input, key) => {
          expectTypeOf(before).toEqualTypeOf<{ count: number }>()
          expectTypeOf(input).toEqualTypeOf<Change | Tick>()
          expectTypeOf(key).toEqualTypeOf<string>()
          return [{ counted: before.count }]
        },
        evolve: (before, event: { counted: number }) => ({ count: before.count + event.counted }),
        keyOf: (input) => ('id' in input ? input.id : null),
        dueAt: (now) => now.count,
      },
    })
    expectTypeOf(decided).toEqualTypeOf<KStream<string, { counted: number }>>()
  })

  test('refuses a decider that does not know all records it will be given', () => {
    const narrow = {
      initial: () => ({ count: 0 }),
      decide: (_state: { count: number }, input: Closed) => [input.why],
      evolve: (before: { count: number }) => before,
      keyOf: (input: Closed) => input.id,
    }
    // @ts-expect-error: Opened has no `why`
    changes.decide('narrow', { store: state, decider: narrow })
    changes.filter('only-closed', isClosed).decide('wide-enough', { store: state, decider: narrow })
    // @ts-expect-error: it does not know ticks
    changes.filter('closed-too', isClosed).decide('ticks', { store: state, decider: narrow, clock, dueStore: 'd' })
  })

  test('refuses to write records to a topic that is not for them', () => {
    changes.to('wide', jsonTopic<Change | number>('wide'))
    // @ts-expect-error: not all changes are Closed
    changes.to('narrow', jsonTopic<Closed>('narrow', { keyOf: (closed) => closed.why }))
    // @ts-expect-error: a change is no number
    changes.to('other', jsonTopic<number>('other'))
  })

  test('knows what tables hold', () => {
    const counts = changes.groupByKey().count('count', { store: builder.store('n', { value: jsonSerde<number>() }) })
    expectTypeOf(counts.toStream()).toEqualTypeOf<KStream<string, number | null>>()
    changes.leftJoin('left', counts, (_change, count) => expectTypeOf(count).toEqualTypeOf<number | undefined>())
    changes.join('inner', counts, (_change, count) => expectTypeOf(count).toEqualTypeOf<number>())
  })
})
