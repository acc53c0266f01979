/** One rule of a decision: the events that follow, given the state as the rules before it left it. */
export type Rule<State, Event> = (state: State) => readonly Event[]

/**
 * Decides by several rules in turn. The events of each are folded before the next is asked, so that a rule reads like
 * a sentence about the state it sees and needs to know nothing of the others. All events, in order.
 */
export function inTurn<State, Event>(
  state: State,
  evolve: (state: State, event: Event) => State,
  rules: readonly Rule<State, Event>[],
): readonly Event[] {
  const events: Event[] = []
  let current = state
  for (const rule of rules) {
    const next = rule(current)
    current = next.reduce(evolve, current)
    events.push(...next)
  }
  return events
}
