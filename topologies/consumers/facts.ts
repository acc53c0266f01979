import type {
  AddressUndeliverable,
  ClockTicked,
  CodeState,
  ConsumerCommand,
  ConsumerCommandRefused,
  ConsumerEvent,
  ConsumerSession,
  IdentityCheckReported,
  IdentityCheckRequested,
  NotificationReturned,
  PendingRegistration,
  SignInState,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'consumers'

/** What the topology hears. */
export type ConsumerInput =
  | ConsumerCommand
  | IdentityCheckReported
  | NotificationReturned
  | AddressUndeliverable
  | ClockTicked

/** What happens to a consumer: events, a request to the identity connector, and what is only kept. */
export type ConsumerFact = ConsumerEvent | IdentityCheckRequested | KeptFact

/** What is folded into the state, and told to nobody: secrets, as hashes, and counts. */
export type KeptFact = PasswordKept | RegistrationKept | SessionKept | CodeKept | AttemptsKept | ReportNoted

/** The password hash. */
export type PasswordKept = { readonly type: 'PasswordKept'; readonly passwordHash: string | null }

/** What was asked for and waits for its code; null where nothing does any more. */
export type RegistrationKept = {
  readonly type: 'RegistrationKept'
  readonly registration: PendingRegistration | null
}

/** A session with the hashes of its tokens; one that is there already gets new ones. */
export type SessionKept = {
  readonly type: 'SessionKept'
  readonly session: ConsumerSession
  /** Business time, milliseconds. */
  readonly keptAt: number
}

/** A one-time code as it stands now: the only one of its purpose. */
export type CodeKept = { readonly type: 'CodeKept'; readonly code: CodeState }

/** The attempts to sign in; null where the last one was right. */
export type AttemptsKept = { readonly type: 'AttemptsKept'; readonly signIn: SignInState | null }

/** A newer report of the identity check that says what is known: it counts for the order of those to come. */
export type ReportNoted = { readonly type: 'ReportNoted'; readonly version: number | null; readonly reportedAt: number }

const KEPT: Readonly<Record<KeptFact['type'], true>> = {
  PasswordKept: true,
  RegistrationKept: true,
  SessionKept: true,
  CodeKept: true,
  AttemptsKept: true,
  ReportNoted: true,
}

const NOT_COMMANDS: ReadonlySet<ConsumerInput['type']> = new Set([
  'IdentityCheckReported',
  'NotificationReturned',
  'AddressUndeliverable',
  'ClockTicked',
])

/** True of a command; the rest of what is heard has no outcome to wait for. */
export function isConsumerCommand(input: ConsumerInput): input is ConsumerCommand {
  return !NOT_COMMANDS.has(input.type)
}

/** True of what is told on `consumer.events`. */
export function isConsumerEvent(fact: ConsumerFact): fact is ConsumerEvent {
  return !isIdentityRequest(fact) && !(fact.type in KEPT)
}

/** True of what goes to the identity connector. */
export function isIdentityRequest(fact: ConsumerFact): fact is IdentityCheckRequested {
  return fact.type === 'IdentityCheckRequested'
}

/** The event that refuses a command. `code` is stable; `detail` says what was wrong and what to do. */
export function refused(command: ConsumerCommand, code: string, detail: string): ConsumerCommandRefused {
  return {
    type: 'ConsumerCommandRefused',
    meta: childMeta(SOURCE, command, 'ConsumerCommandRefused'),
    consumerId: command.consumerId,
    command: command.type,
    code,
    detail,
  }
}

/** The refusal of a command about somebody who has no account. */
export function unknown(command: ConsumerCommand): ConsumerCommandRefused {
  return refused(command, 'CONSUMER_UNKNOWN', 'There is no such consumer. Open an account first.')
}
