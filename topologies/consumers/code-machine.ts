/** The states of a one-time code and what leads from one to another, as data; and how patient it is. */
import type { StateMachine } from '#domain/state-machine.ts'
import type { CodeStatus } from '#schemas'

/** What moves a code: another one takes its place, the right one or a wrong one is presented. */
export type CodeMove = 'CodeIssued' | 'CodeAccepted' | 'CodeWrong'

/** What may become of a code. One that has expired stays where it is, and is refused. */
export const codeMachine: StateMachine<CodeStatus, CodeMove> = {
  name: 'one-time code',
  initial: 'ISSUED',
  transitions: {
    ISSUED: { CodeIssued: ['ISSUED'], CodeAccepted: ['USED'], CodeWrong: ['ISSUED', 'EXHAUSTED'] },
    USED: { CodeIssued: ['ISSUED'] },
    EXHAUSTED: { CodeIssued: ['ISSUED'] },
  },
}

/** How long a code is good. Milliseconds of business time, as all of these. */
export const CODE_MS = 10 * 60_000
/** How often a wrong code may be presented before the right one does not help any more. */
export const CODE_ATTEMPTS_MAX = 5
/** How long after a code the next one of the same purpose may be asked for. */
export const RESEND_MS = 60_000
/** How many codes of a purpose are sent in `SENDS_WINDOW_MS` because one requester asked for them. */
export const SENDS_MAX = 5
/** How many are sent whoever asks: a mailbox is not flooded from many networks either. */
export const SENDS_OF_ALL_MAX = 15
/** How far back the limit on sending looks. */
export const SENDS_WINDOW_MS = 24 * 3_600_000
