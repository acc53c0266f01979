import assert from 'node:assert/strict'
import type { Decider } from '../processor/decider.ts'

/** An expected event: only the fields named are compared, so that a row shows what its rule is about. */
export type Expected<Event> = Event extends unknown ? DeepPartial<Event> : never

type DeepPartial<T> = T extends readonly (infer Element)[]
  ? readonly DeepPartial<Element>[]
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T

/**
 * Given, when, gives: the specification of a decider.
 * `given(purchase, 'pur_1', requested, authorised).when(capture(100)).gives({ type: 'PurchaseCaptured' })`.
 */
export type DeciderSpec<State, Input, Event> = {
  /** The state so far. */
  readonly state: State
  /** Business time (ms) from which time itself wakes the aggregate; null while it sleeps. */
  readonly dueAt: number | null
  /** Folds further events into the state. */
  given(...events: readonly Event[]): DeciderSpec<State, Input, Event>
  /** Decides inputs and folds what they give, as the runtime would. */
  after(...inputs: readonly Input[]): DeciderSpec<State, Input, Event>
  /** Decides one input. */
  when(input: Input): DecidedSpec<State, Event>
}

/** What a decider answered. Each method throws an AssertionError where the answer is another. */
export type DecidedSpec<State, Event> = {
  readonly events: readonly Event[]
  /** The state after the events. */
  readonly state: State
  /** Exactly these events in this order, compared by the fields named. */
  gives(...expected: readonly Expected<Event>[]): DecidedSpec<State, Event>
  /** No event, and the state as it was. */
  givesNothing(): DecidedSpec<State, Event>
  /** The state after the events, compared by the fields named. */
  leaves(expected: DeepPartial<State>): DecidedSpec<State, Event>
}

/** Begins a specification of the aggregate `key` with the events that have happened to it. */
export function given<State, Input, Event>(
  decider: Decider<State, Input, Event>,
  key: string,
  ...events: readonly Event[]
): DeciderSpec<State, Input, Event> {
  return specOf(decider, key, fold(decider, decider.initial(key), events))
}

function specOf<State, Input, Event>(
  decider: Decider<State, Input, Event>,
  key: string,
  state: State,
): DeciderSpec<State, Input, Event> {
  const step = (before: State, input: Input) => fold(decider, before, decider.decide(before, input, key))
  return {
    state,
    dueAt: decider.dueAt?.(state) ?? null,
    given: (...events) => specOf(decider, key, fold(decider, state, events)),
    after: (...inputs) => specOf(decider, key, inputs.reduce(step, state)),
    when: (input) => {
      const events = decider.decide(state, input, key)
      return decidedSpec(events, state, fold(decider, state, events))
    },
  }
}

function decidedSpec<State, Event>(events: readonly Event[], before: State, state: State): DecidedSpec<State, Event> {
  const decided: DecidedSpec<State, Event> = {
    events,
    state,
    gives: (...expected) => {
      assert.deepEqual(events.map(typeOf), expected.map(typeOf), 'The events are others than expected.')
      for (const [index, event] of events.entries()) assertMatches(event, expected[index])
      return decided
    },
    givesNothing: () => {
      assert.deepEqual(events, [])
      assert.deepEqual(state, before)
      return decided
    },
    leaves: (expected) => {
      assertMatches(state, expected)
      return decided
    },
  }
  return decided
}

function fold<State, Input, Event>(
  decider: Decider<State, Input, Event>,
  state: State,
  events: readonly Event[],
): State {
  return events.reduce((before, event) => decider.evolve(before, event), state)
}

function assertMatches(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(restrictTo(actual, expected), expected)
}

/** The part of `actual` that `expected` speaks of: its fields of objects, but every element of an array. */
function restrictTo(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((element, index) => restrictTo(element, expected[index]))
  }
  if (!isObject(actual) || !isObject(expected)) return actual
  return Object.fromEntries(
    Object.keys(expected)
      .filter((field) => field in actual)
      .map((field) => [field, restrictTo(actual[field], expected[field])]),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}

function typeOf(value: unknown): unknown {
  return (value as { readonly type?: unknown } | undefined)?.type
}
