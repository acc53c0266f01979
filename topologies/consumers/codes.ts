/**
 * One-time codes: for proving an e-mail address or a phone number, and for another password.
 *
 * Invariants: one code a purpose is good at a time, until it expires; it is used once; so many wrong ones, and it is
 * spent; so many a day are sent, in all and for one requester. The state holds a keyed hash of it, and no record holds
 * the code.
 */
import { isLegal } from '#domain/state-machine.ts'
import type {
  BeginRegistration,
  CodePurpose,
  CodeState,
  CodeStatus,
  ConfirmCode,
  ConsumerCommand,
  ConsumerState,
  RequestCode,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { StreamsError } from '#streams'
import {
  CODE_ATTEMPTS_MAX,
  CODE_MS,
  type CodeMove,
  codeMachine,
  RESEND_MS,
  SENDS_MAX,
  SENDS_OF_ALL_MAX,
  SENDS_WINDOW_MS,
} from './code-machine.ts'
import { type ConsumerFact, refused, SOURCE, unknown } from './facts.ts'

/** Has a code sent; the one before it is good no more. */
export function requestCode(state: ConsumerState, command: RequestCode): readonly ConsumerFact[] {
  const { consumerId, codeId, purpose, codeHash, meta } = command
  if (state.profile === null) return [unknown(command)]
  const refusal = requestRefusal(state, command)
  if (refusal !== null) return [refused(command, ...refusal)]
  const code = issuedCode(state, { purpose, codeId, codeHash }, command)
  const { expiresAt } = code
  const resendAt = meta.occurredAt + RESEND_MS
  const eventMeta = childMeta(SOURCE, command, 'CodeIssued')
  return [
    { type: 'CodeIssued', meta: eventMeta, consumerId, codeId, purpose, expiresAt, resendAt },
    { type: 'CodeKept', code },
  ]
}

/** A new code in place of the one of its purpose; it counts for the limit on sending. */
export function issuedCode(
  state: ConsumerState,
  { purpose, codeId, codeHash }: Pick<CodeState, 'purpose' | 'codeId' | 'codeHash'>,
  { meta: { occurredAt: at }, requester }: AsksForCode,
): CodeState {
  const sent = [...sentWithin(state, purpose, at), { at, by: requester ?? '' }]
  const sends = { sentAt: sent.map((one) => one.at), sentBy: sent.map((one) => one.by) }
  const fresh = { purpose, codeId, codeHash, expiresAt: at + CODE_MS, attempts: 0, ...sends }
  return moved(codeOf(state, purpose), 'CodeIssued', { ...fresh, status: 'ISSUED' })
}

/** A command that has a code sent. */
type AsksForCode = BeginRegistration | RequestCode
type Sent = { readonly at: number; readonly by: string }

function sentWithin(state: ConsumerState, purpose: CodePurpose, at: number): readonly Sent[] {
  const { sentAt = [], sentBy = [] } = codeOf(state, purpose) ?? {}
  return sentAt.map((sent, no) => ({ at: sent, by: sentBy[no] ?? '' })).filter((one) => at - one.at < SENDS_WINDOW_MS)
}

/** Those that a requester had sent: what others ask for must not keep the owner of an address from asking. */
function ofRequester(sent: readonly Sent[], { requester }: AsksForCode): readonly Sent[] {
  return sent.filter(({ by }) => by === (requester ?? ''))
}

/** Why a code is not sent or not taken: a stable code, and what to do. */
export type Refusal = readonly [code: string, detail: string]

function requestRefusal(state: ConsumerState, command: RequestCode): Refusal | null {
  const { purpose, meta } = command
  if (purpose === 'PHONE' && state.profile?.phone === null) {
    return ['PHONE_MISSING', 'The account has no phone number to send a code to.']
  }
  const verifiedAt = verifiedAtOf(state, purpose)
  if (verifiedAt !== null) return ['CONTACT_VERIFIED', 'It is confirmed already; there is nothing to send.']
  const last = ofRequester(sentWithin(state, purpose, meta.occurredAt), command).at(-1)
  if (last !== undefined && meta.occurredAt - last.at < RESEND_MS) {
    return ['CODE_TOO_SOON', `A code was sent just now. Another one can be sent ${RESEND_MS / 1_000} seconds after it.`]
  }
  return codesTooMany(state, purpose, command)
}

/** The refusal of one more code within a day; null where it may be sent. */
export function codesTooMany(state: ConsumerState, purpose: CodePurpose, command: AsksForCode): Refusal | null {
  const all = sentWithin(state, purpose, command.meta.occurredAt)
  const own = ofRequester(all, command)
  const isFull = all.length >= SENDS_OF_ALL_MAX
  const counted = isFull ? all : own
  const [oldest] = counted
  if (oldest === undefined || (!isFull && own.length < SENDS_MAX)) return null
  const from = new Date(oldest.at + SENDS_WINDOW_MS).toISOString()
  return ['CODES_TOO_MANY', `${counted.length} codes were sent within a day. The next one can be sent from ${from}.`]
}

function verifiedAtOf(state: ConsumerState, purpose: CodePurpose): number | null {
  switch (purpose) {
    case 'EMAIL':
      return state.emailVerifiedAt
    case 'PHONE':
      return state.phoneVerifiedAt
    case 'PASSWORD_RESET':
    case 'REGISTRATION':
      return null
  }
}

/** Takes an address or a number as proved, where the code is right. */
export function confirmCode(state: ConsumerState, command: ConfirmCode): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const { consumerId, codeId } = command
  const purpose = state.codes.find((one) => one.codeId === codeId)?.purpose === 'PHONE' ? 'PHONE' : 'EMAIL'
  const presented = presentedCode(state, { ...command, purpose }, command)
  if (!presented.isRight) return presented.facts
  const meta = childMeta(SOURCE, command, 'ContactVerified')
  return [{ type: 'ContactVerified', meta, consumerId, codeId, purpose }, ...presented.facts]
}

/** The refusal of a code that is not the one to take. */
export const codeUnknown: Refusal = [
  'CODE_UNKNOWN',
  'This code was used before, or another one was sent since. Take the newest one.',
]

/** What a presented code is worth, and what follows for the one that is kept. */
export type PresentedCode = { readonly isRight: boolean; readonly facts: readonly ConsumerFact[] }

/** Compares a presented code with the one of its purpose. A wrong one counts, and the last one too many ends it. */
export function presentedCode(
  state: ConsumerState,
  presented: { readonly codeId: string; readonly codeHash: string; readonly purpose: CodePurpose },
  command: ConsumerCommand,
): PresentedCode {
  const code = codeOf(state, presented.purpose)
  const no = (name: string, detail: string, ...facts: ConsumerFact[]) => {
    return { isRight: false, facts: [refused(command, name, detail), ...facts] }
  }
  if (code === undefined || code.codeId !== presented.codeId || code.status === 'USED') {
    return no(...codeUnknown)
  }
  if (code.status === 'EXHAUSTED') return no('CODE_EXHAUSTED', 'There were too many wrong codes. Ask for a new one.')
  if (command.meta.occurredAt >= code.expiresAt) return no('CODE_EXPIRED', 'The code has expired. Ask for a new one.')
  if (code.codeHash !== presented.codeHash) {
    const attempts = code.attempts + 1
    const left = CODE_ATTEMPTS_MAX - attempts
    const status = left > 0 ? 'ISSUED' : 'EXHAUSTED'
    const wrong: ConsumerFact = { type: 'CodeKept', code: moved(code, 'CodeWrong', { ...code, attempts, status }) }
    return no('CODE_WRONG', `The code is wrong. ${left > 0 ? `Tries left: ${left}.` : 'Ask for a new one.'}`, wrong)
  }
  const used = moved(code, 'CodeAccepted', { ...code, status: 'USED' })
  return { isRight: true, facts: [{ type: 'CodeKept', code: used }] }
}

/** The codes with one as it stands now. */
export function withCode(codes: readonly CodeState[], code: CodeState): readonly CodeState[] {
  return [...codes.filter((one) => one.purpose !== code.purpose), code]
}

function codeOf(state: ConsumerState, purpose: CodePurpose): CodeState | undefined {
  return state.codes.find((one) => one.purpose === purpose)
}

/** The code after a move that the machine has. @throws StreamsError TRANSITION_ILLEGAL */
function moved(before: CodeState | undefined, move: CodeMove, after: CodeState): CodeState {
  const from: CodeStatus = before?.status ?? codeMachine.initial
  if (isLegal(codeMachine, from, move, after.status)) return after
  throw new StreamsError('TRANSITION_ILLEGAL', `${move} would lead a one-time code from ${from} to ${after.status}.`)
}
