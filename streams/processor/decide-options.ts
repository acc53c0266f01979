import type { Decider } from './decider.ts'
import type { StoreHandle } from './store-handle.ts'

/** How the answers of commands are kept, so that a repeated command changes nothing. */
export type AnswersOptions<Input, Event, Answer> = {
  readonly store: StoreHandle<string, Answer>
  /** The command's id; null for an input that is not a command. */
  readonly idOf: (input: Input) => string | null
  /**
   * The answer to keep; called only where the input had events. Null where they are no answer yet: a later input with
   * the same id gives it, and the command itself may come again until then.
   */
  readonly answer: (input: Input, events: readonly Event[]) => Answer | null
  /**
   * The answer that an event is to an earlier command than its input: one that had to wait. Null where it is none. An
   * answer to the input's own command is not asked for a second time.
   */
  readonly later?: (event: Event) => { readonly id: string; readonly answer: () => Answer } | null
  /** Business milliseconds an answer is kept; `Infinity` keeps it for ever. */
  readonly keepMs: number
  /** Business time (ms) at which an answer was given. */
  readonly answeredAtMs: (answer: Answer) => number
}

/** Rules that are data: the decider is made of a value that the task keeps, and changes when that value does. */
export type RulesOptions<State, Input, Event, Rules> = {
  readonly store: StoreHandle<string, Rules>
  readonly key: string
  /** The decider by these rules. Its `keyOf` and `dueAt` must be those of every other. */
  readonly decider: (rules: Rules) => Decider<State, Input, Event>
}

/**
 * A second aggregate that a decision may look at, folded from the same events under another key of the same partition:
 * what must hold over many aggregates is then decided in one place.
 */
export type BesideOptions<State, Input, Event, Beside> = {
  readonly store: StoreHandle<string, Beside>
  readonly initial: (key: string) => Beside
  /** Its key; null where the decision does not look at it. */
  readonly keyOf: (state: State, input: Input) => string | null
  /** Decides in place of the decider where it is looked at. */
  readonly decide: (state: State, input: Input, beside: Beside) => readonly Event[]
  readonly evolve: (beside: Beside, event: Event) => Beside
}

/** How a decider is run on a store. */
export type DecideOptions<State, Input, Event> = {
  readonly store: StoreHandle<string, State>
  readonly decider: Decider<State, Input, Event>
  /** Makes the decider of what is kept under a key of a store; null where the rules are fixed. */
  readonly rules: RulesOptions<State, Input, Event, unknown> | null
  /** Where the due index is kept; null where nothing is woken or removed by time. */
  readonly dueStore: StoreHandle<string, true> | null
  readonly answers: AnswersOptions<Input, Event, unknown> | null
  readonly beside: BesideOptions<State, Input, Event, unknown> | null
}
