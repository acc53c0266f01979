import { StreamsError } from '../errors.ts'
import { decideOperator } from '../processor/decide.ts'
import type { AnswersOptions, BesideOptions, RulesOptions } from '../processor/decide-options.ts'
import type { Decider } from '../processor/decider.ts'
import { dueKeySerde, dueValueSerde } from '../processor/due-index.ts'
import type { StoreHandle } from '../processor/store-handle.ts'
import type { NodeInput } from '../topology/node.ts'
import type { Clock } from './clock.ts'
import type { GraphBuilder } from './graph-builder.ts'

/**
 * A decider that takes at least `Input`: its functions are properties here, so that the compiler refuses one that
 * knows only some of the records it will be given.
 */
export type DeciderFor<State, Input, Event> = {
  readonly initial: (key: string) => State
  readonly decide: (state: State, input: Input, key: string) => readonly Event[]
  readonly evolve: (state: State, event: Event) => State
  readonly keyOf: (input: Input) => string | null
  readonly dueAt?: (state: State) => number | null
}

/** How a stream is decided. */
export type DecideStreamOptions<State, V, Event, Tick, Answer, Rules = never, Second = never> = {
  readonly store: StoreHandle<string, State>
  readonly decider: DeciderFor<State, V | Tick, Event>
  /** Rules that are data, from a store of this task; `decider` holds until something is kept there. */
  readonly rules?: {
    readonly store: StoreHandle<string, Rules>
    readonly key: string
    readonly decider: (rules: Rules) => DeciderFor<State, V | Tick, Event>
  }
  /** Wakes what is due (`decider.dueAt`) and removes old answers; needs `dueStore`. */
  readonly clock?: Clock<Tick>
  /** Name of the store that indexes what is due. */
  readonly dueStore?: string
  /** Keeps the answer of each command: a repeat is dropped. */
  readonly answers?: AnswersOptions<V, Event, Answer>
  /** A second aggregate that decisions may look at, folded from the same events under another key; not with `rules`. */
  readonly beside?: BesideOptions<State, V | Tick, Event, Second>
}

/**
 * Adds a decide node.
 * @throws StreamsError STREAMS_DECIDE_OPTIONS where the options contradict each other.
 */
export function addDecide<State, V, Event, Tick, Answer, Rules, Second>(
  graph: GraphBuilder,
  name: string,
  input: NodeInput,
  options: DecideStreamOptions<State, V, Event, Tick, Answer, Rules, Second>,
): void {
  const { store, decider, rules, clock, answers, beside } = options
  assertOptions(name, options)
  const dueStore =
    options.dueStore === undefined
      ? null
      : graph.addStore({ name: options.dueStore, key: dueKeySerde, value: dueValueSerde })
  const ruleStores = rules === undefined ? [] : [rules.store]
  const stores = [
    store,
    ...ruleStores,
    ...(dueStore === null ? [] : [dueStore]),
    ...(answers === undefined ? [] : [answers.store]),
    ...(beside === undefined ? [] : [beside.store]),
  ]
  graph.addOperator({
    name,
    operation: 'decide',
    inputs: [input],
    factory: decideOperator<State, V | Tick, Event>(name, {
      store,
      decider: decider as Decider<State, V | Tick, Event>,
      rules: (rules ?? null) as RulesOptions<State, V | Tick, Event, unknown> | null,
      dueStore,
      answers: (answers ?? null) as AnswersOptions<V | Tick, Event, unknown> | null,
      beside: (beside ?? null) as BesideOptions<State, V | Tick, Event, unknown> | null,
    }),
    stores: stores as StoreHandle<string, unknown>[],
    clock: clock?.name ?? null,
  })
}

function assertOptions<State, V, Event, Tick, Answer, Rules, Second>(
  name: string,
  options: DecideStreamOptions<State, V, Event, Tick, Answer, Rules, Second>,
): void {
  const { decider, clock, dueStore, answers, rules, beside } = options
  const refuse = (problem: string) => {
    throw new StreamsError('STREAMS_DECIDE_OPTIONS', `decide ${JSON.stringify(name)}: ${problem}`)
  }
  if (decider.dueAt !== undefined && clock === undefined) {
    refuse('its decider has dueAt, but nothing wakes it. Give it a clock and a dueStore.')
  }
  if (clock !== undefined && dueStore === undefined) {
    refuse('it has a clock, but nowhere to keep what is due. Give it a dueStore.')
  }
  if (dueStore !== undefined && clock === undefined) {
    refuse('it has a dueStore, but nothing reads it. Give it a clock, or leave the dueStore out.')
  }
  if (rules !== undefined && beside !== undefined) {
    refuse('it has rules and a second aggregate, and both say how to decide. Give it one of them.')
  }
  if (answers !== undefined && answers.keepMs !== Infinity && clock === undefined) {
    refuse('its answers are kept for a time, but no tick removes them. Give it a clock, or keepMs: Infinity.')
  }
}
