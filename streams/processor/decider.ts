/**
 * The unit of business logic, as three pure functions. `decide` answers an input with events, given the state;
 * `evolve` folds an event into the state. A refusal is an event, never an exception. `keyOf` says which aggregate an
 * input is about; `dueAt` when time itself must wake it.
 */
export interface Decider<State, Input, Event> {
  initial(key: string): State
  decide(state: State, input: Input, key: string): readonly Event[]
  evolve(state: State, event: Event): State
  /** The aggregates the input concerns; none where it is not for this topology. */
  keyOf(input: Input): string | null
  /** Business time (ms) from which a clock tick should be decided on this aggregate; null while nothing is due. */
  dueAt?(state: State): number | null
}
