import { describe, expect, test } from 'vitest'
import type { Decider } from '../processor/decider.ts'
import { given } from './decider-spec.ts'

type State = { readonly count: number; readonly names: readonly string[] }
type Input = { readonly type: 'Add'; readonly name: string } | { readonly type: 'Tick' }
type Event = { readonly type: 'Added'; readonly name: string; readonly tags: readonly { a: number; b: number }[] }

const guests: Decider<State, Input, Event> = {
  initial: () => ({ count: 0, names: [] }),
  keyOf: () => 'guests',
  decide: (state, input) =>
    input.type === 'Tick' || state.names.includes(input.name)
      ? []
      : [{ type: 'Added', name: input.name, tags: [{ a: 1, b: 2 }] }],
  evolve: (state, event) => ({ count: state.count + 1, names: [...state.names, event.name] }),
  dueAt: (state) => (state.count === 0 ? null : 7),
}
const add = (name: string): Input => ({ type: 'Add', name })
const added = (name: string): Event => ({ type: 'Added', name, tags: [] })

describe('given, when, gives', () => {
  test('compares the events by the fields that are named', () => {
    given(guests, 'g', added('Ada'))
      .when(add('Bob'))
      .gives({ type: 'Added', name: 'Bob', tags: [{ a: 1 }] })
      .leaves({ count: 2 })
  })

  test('decides and folds inputs that come before', () => {
    const spec = given(guests, 'g').after(add('Ada'), add('Ada'), { type: 'Tick' })
    expect(spec.state.names).toEqual(['Ada'])
    expect(spec.dueAt).toBe(7)
    spec.when(add('Ada')).givesNothing()
  })

  test('keeps the specification it began with as it was', () => {
    const empty = given(guests, 'g')
    empty.given(added('Ada'))
    expect(empty.state.count).toBe(0)
    expect(empty.dueAt).toBeNull()
  })

  test.each([
    ['another value', () => given(guests, 'g').when(add('Bob')).gives({ type: 'Added', name: 'Ada' })],
    [
      'a field that is not there',
      () =>
        given(guests, 'g')
          .when(add('Bob'))
          .gives({ type: 'Added', x: 1 } as never),
    ],
    ['an event too few', () => given(guests, 'g').when(add('Bob')).gives()],
    ['an event too many', () => given(guests, 'g').when({ type: 'Tick' }).gives({ type: 'Added' })],
    ['an element too few', () => given(guests, 'g').when(add('Bob')).gives({ type: 'Added', tags: [] })],
    ['another state', () => given(guests, 'g').when(add('Bob')).leaves({ count: 2 })],
    ['something where nothing should happen', () => given(guests, 'g').when(add('Bob')).givesNothing()],
  ])('fails on %s', (_what, check) => {
    expect(check).toThrow(expect.objectContaining({ code: 'ERR_ASSERTION' }))
  })
})
