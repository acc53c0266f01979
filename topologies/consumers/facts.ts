import type {
  ClockTicked,
  ConsumerCommand,
  ConsumerEvent,
  ConsumerSession,
  IdentityCheckReported,
  IdentityCheckRequested,
} from '#schemas'

/** What the topology hears. */
export type ConsumerInput = ConsumerCommand | IdentityCheckReported | ClockTicked

/** What happens to a consumer: events, a request to the identity connector, and secrets that are only kept. */
export type ConsumerFact = ConsumerEvent | IdentityCheckRequested | PasswordKept | SessionKept

/** The password hash: folded into the state, and told to nobody. */
export type PasswordKept = { readonly type: 'PasswordKept'; readonly passwordHash: string | null }

/** A session with the hash of its token: folded into the state, and told to nobody. */
export type SessionKept = {
  readonly type: 'SessionKept'
  readonly session: ConsumerSession
  /** Business time, milliseconds. */
  readonly openedAt: number
}

/** True of a command; the rest of what is heard has no outcome to wait for. */
export function isConsumerCommand(input: ConsumerInput): input is ConsumerCommand {
  return input.type !== 'IdentityCheckReported' && input.type !== 'ClockTicked'
}

/** True of what is told on `consumer.events`. */
export function isConsumerEvent(fact: ConsumerFact): fact is ConsumerEvent {
  return !isIdentityRequest(fact) && fact.type !== 'PasswordKept' && fact.type !== 'SessionKept'
}

/** True of what goes to the identity connector. */
export function isIdentityRequest(fact: ConsumerFact): fact is IdentityCheckRequested {
  return fact.type === 'IdentityCheckRequested'
}
