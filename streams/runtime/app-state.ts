/**
 * The life of an application. The table is checked at every change: a step it does not name is our bug.
 *
 *   CREATED → STARTING → REBALANCING → RESTORING → RUNNING → CLOSING → CLOSED
 *                             ↑___________|___________|
 *   every state before CLOSED may end in FAILED, and FAILED only in CLOSING
 */
import { StreamsError } from '../errors.ts'

/** Where an application is in its life. */
export type AppState =
  | 'CREATED'
  | 'STARTING'
  | 'REBALANCING'
  | 'RESTORING'
  | 'RUNNING'
  | 'CLOSING'
  | 'CLOSED'
  | 'FAILED'

const LEGAL: Readonly<Record<AppState, readonly AppState[]>> = {
  CREATED: ['STARTING', 'CLOSING'],
  STARTING: ['REBALANCING', 'CLOSING', 'FAILED'],
  REBALANCING: ['REBALANCING', 'RESTORING', 'CLOSING', 'FAILED'],
  RESTORING: ['RUNNING', 'REBALANCING', 'CLOSING', 'FAILED'],
  RUNNING: ['REBALANCING', 'RESTORING', 'CLOSING', 'FAILED'],
  CLOSING: ['CLOSED', 'FAILED'],
  CLOSED: [],
  FAILED: ['CLOSING'],
}

/** Holds the state, refuses illegal steps, and tells whoever waits. */
export class AppStateMachine {
  private state: AppState = 'CREATED'
  private readonly onChange: (to: AppState, from: AppState) => void

  constructor(onChange: (to: AppState, from: AppState) => void) {
    this.onChange = onChange
  }

  get current(): AppState {
    return this.state
  }

  /** @throws StreamsError APP_ILLEGAL_STATE where the table does not name the step. */
  to(next: AppState): void {
    const from = this.state
    if (!LEGAL[from].includes(next)) {
      throw new StreamsError('APP_ILLEGAL_STATE', `An application that is ${from} cannot become ${next}.`)
    }
    this.state = next
    if (next !== from) this.onChange(next, from)
  }

  /** True in the states in which the application owns tasks or is about to. */
  isUp(): boolean {
    return this.state === 'REBALANCING' || this.state === 'RESTORING' || this.state === 'RUNNING'
  }
}
