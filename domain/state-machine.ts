/** State machines as data: they are checked at run time, and the drawings in the docs are made from them. */

/** What may happen in each state, and where it may lead. What is not named is illegal. */
export type StateMachine<State extends string, Event extends string> = {
  readonly name: string
  readonly initial: State
  readonly transitions: Readonly<Record<State, Readonly<Partial<Record<Event, readonly State[]>>>>>
}

/** Whether an event may lead from one state to another. */
export function isLegal<State extends string, Event extends string>(
  machine: StateMachine<State, Event>,
  from: State,
  event: Event,
  to: State,
): boolean {
  return machine.transitions[from][event]?.includes(to) ?? false
}

/** The machine as a Mermaid diagram: an arrow for each pair of states, with all events that lead along it. */
export function drawing<State extends string, Event extends string>(machine: StateMachine<State, Event>): string {
  const states = Object.keys(machine.transitions) as State[]
  const arrows = states.flatMap((from) => states.flatMap((to) => arrow(machine, from, to)))
  return ['stateDiagram-v2', `  [*] --> ${machine.initial}`, ...arrows].join('\n')
}

function arrow<State extends string, Event extends string>(
  machine: StateMachine<State, Event>,
  from: State,
  to: State,
): string[] {
  const events = Object.keys(machine.transitions[from]) as Event[]
  const leading = events.filter((event) => isLegal(machine, from, event, to))
  return leading.length === 0 ? [] : [`  ${from} --> ${to}: ${leading.join(', ')}`]
}
