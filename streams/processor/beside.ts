import type { BesideOptions } from './decide-options.ts'
import type { OperatorStore } from './operator.ts'

/** A look at the second aggregate: the decision it leads to, and what becomes of it by the events. */
type Look<State, Input, Event> = {
  readonly decide: (state: State, input: Input) => readonly Event[]
  readonly keep: (events: readonly Event[]) => void
}

/** The second aggregate of a decide node, as far as decisions look at it. */
export class Beside<State, Input, Event> {
  private readonly options: BesideOptions<State, Input, Event, unknown>
  private readonly store: OperatorStore<unknown>

  constructor(options: BesideOptions<State, Input, Event, unknown>, store: OperatorStore<unknown>) {
    this.options = options
    this.store = store
  }

  /** Loads in one step what the aggregates that are about to be woken will look at. */
  load(states: readonly (State | undefined)[], tick: Input): void {
    const keys = states.map((state) => (state === undefined ? null : this.options.keyOf(state, tick)))
    this.store.getMany([...new Set(keys.filter((key) => key !== null))])
  }

  /** Null where this decision does not look at it. */
  lookAt(state: State, input: Input): Look<State, Input, Event> | null {
    const { options, store } = this
    const key = options.keyOf(state, input)
    if (key === null) return null
    const kept = store.get(key)
    const before = kept === undefined ? options.initial(key) : kept
    return {
      decide: (current, cause) => options.decide(current, cause, before),
      keep: (events) => {
        const after = events.reduce(options.evolve, before)
        if (after !== before) store.put(key, after)
      },
    }
  }
}
