import { describe, expect, test } from 'vitest'
import { isLegal } from '#domain/state-machine.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { CODE_ATTEMPTS_MAX, CODE_MS, codeMachine, RESEND_MS, SENDS_MAX, SENDS_WINDOW_MS } from './code-machine.ts'
import { withCode } from './codes.ts'
import { consumer } from './consumer.ts'
import { confirmCode, meta, opening, requestCode, T0 } from './consumer-samples.ts'

// The address was proved when the account was opened, and is in doubt since.
const bounced = sampleRecord('AddressUndeliverable', {
  ...{ meta: meta('evt_bounced'), consumerId: 'con_1', address: 'lena@example.com', reason: 'no_such_mailbox' },
})
const registered = given(consumer, 'con_1').after(...opening({ phone: '+14155550100' }), bounced)
const asked = registered.after(requestCode('cod_1'))

describe('a one-time code', () => {
  test.each(['EMAIL', 'PHONE'] as const)('proves the %s, once', (purpose) => {
    const waiting = registered.after(requestCode('cod_1', purpose))
    const decided = waiting.when(confirmCode('cod_1'))
    decided.gives({ type: 'ContactVerified', purpose, codeId: 'cod_1' }, { type: 'CodeKept', code: { status: 'USED' } })
    expect([decided.state.emailVerifiedAt, decided.state.phoneVerifiedAt]).toEqual(
      purpose === 'EMAIL' ? [T0, null] : [null, T0],
    )
    waiting
      .after(confirmCode('cod_1'))
      .when(confirmCode('cod_1', T0 + 1))
      .gives({ type: 'ConsumerCommandRefused', code: 'CODE_UNKNOWN' })
    waiting
      .after(confirmCode('cod_1'))
      .when(requestCode('cod_2', purpose, T0 + CODE_MS))
      .gives({ type: 'ConsumerCommandRefused', code: 'CONTACT_VERIFIED' })
  })

  test('is told without its hash, and only its hash is kept', () => {
    const decided = registered.when(requestCode('cod_1'))
    decided.gives(
      { type: 'CodeIssued', codeId: 'cod_1', expiresAt: T0 + CODE_MS, resendAt: T0 + RESEND_MS },
      { type: 'CodeKept', code: { codeHash: 'hash of the code of cod_1' } },
    )
    expect(JSON.stringify(decided.events[0])).not.toContain('hash of the code')
  })

  test('is good until its time is over', () => {
    asked.when(confirmCode('cod_1', T0 + CODE_MS - 1)).gives({ type: 'ContactVerified' }, { type: 'CodeKept' })
    const late = asked
      .when(confirmCode('cod_1', T0 + CODE_MS))
      .gives({ type: 'ConsumerCommandRefused', code: 'CODE_EXPIRED' })
    expect(late.state).toEqual(asked.state)
  })

  test('is spent by five wrong ones: then the right one does not help any more', () => {
    let state = asked
    for (let no = 1; no <= CODE_ATTEMPTS_MAX; no += 1) {
      const wrong = confirmCode('cod_1', T0 + no, `wrong ${no}`)
      const left = CODE_ATTEMPTS_MAX - no
      state.when(wrong).gives(
        {
          type: 'ConsumerCommandRefused',
          code: 'CODE_WRONG',
          detail: `The code is wrong. ${left > 0 ? `Tries left: ${left}.` : 'Ask for a new one.'}`,
        },
        { type: 'CodeKept', code: { attempts: no, status: left > 0 ? 'ISSUED' : 'EXHAUSTED' } },
      )
      state = state.after(wrong)
    }
    state.when(confirmCode('cod_1', T0 + 9)).gives({ type: 'ConsumerCommandRefused', code: 'CODE_EXHAUSTED' })
    expect(state.state.emailVerifiedAt).toBeNull()
    // A new one is as good as the first.
    const next = requestCode('cod_2', 'EMAIL', T0 + RESEND_MS)
    state
      .after(next)
      .when(confirmCode('cod_2', T0 + RESEND_MS))
      .gives({ type: 'ContactVerified' }, { type: 'CodeKept' })
  })

  test('ends with the next one of its purpose, and not with one of another', () => {
    const next = asked.after(requestCode('cod_2', 'EMAIL', T0 + RESEND_MS))
    next.when(confirmCode('cod_1', T0 + RESEND_MS)).gives({ type: 'ConsumerCommandRefused', code: 'CODE_UNKNOWN' })
    asked
      .after(requestCode('cod_2', 'PHONE'))
      .when(confirmCode('cod_1'))
      .gives({ type: 'ContactVerified' }, { type: 'CodeKept' })
  })

  test('is sent once a minute, and five times within a day', () => {
    asked
      .when(requestCode('cod_2', 'EMAIL', T0 + RESEND_MS - 1))
      .gives({ type: 'ConsumerCommandRefused', code: 'CODE_TOO_SOON' })
    const at = (no: number) => T0 + no * 2 * RESEND_MS
    const sent = registered.after(
      ...Array.from({ length: SENDS_MAX }, (_, no) => requestCode(`cod_${no}`, 'EMAIL', at(no))),
    )
    const detail = '5 codes were sent within a day. The next one can be sent from 2026-03-02T00:00:00.000Z.'
    sent
      .when(requestCode('cod_9', 'EMAIL', at(SENDS_MAX)))
      .gives({ type: 'ConsumerCommandRefused', code: 'CODES_TOO_MANY', detail })
    sent
      .when(requestCode('cod_9', 'EMAIL', T0 + SENDS_WINDOW_MS - 1))
      .gives({ type: 'ConsumerCommandRefused', code: 'CODES_TOO_MANY' })
    sent.when(requestCode('cod_9', 'EMAIL', T0 + SENDS_WINDOW_MS)).gives({ type: 'CodeIssued' }, { type: 'CodeKept' })
    // Another purpose has its own count.
    sent.when(requestCode('cod_9', 'PHONE', at(SENDS_MAX))).gives({ type: 'CodeIssued' }, { type: 'CodeKept' })
  })

  test('is sent to who asks for it, however often others have just asked', () => {
    const by = (requester: string, no: number, at = T0) => {
      const command = requestCode(`cod_${requester}_${no}`, 'PASSWORD_RESET', at)
      return { ...command, requester }
    }
    const at = (no: number) => T0 + no * RESEND_MS
    const asked = registered.after(...Array.from({ length: SENDS_MAX }, (_, no) => by('stranger', no, at(no))))
    const [last, next] = [at(SENDS_MAX - 1), at(SENDS_MAX)]
    asked.when(by('stranger', 9, next)).gives({ type: 'ConsumerCommandRefused', code: 'CODES_TOO_MANY' })
    asked.when(by('owner', 1, last + 1)).gives({ type: 'CodeIssued' }, { type: 'CodeKept' })
    const again = asked.after(by('owner', 1, last + 1)).when(by('owner', 2, last + RESEND_MS))
    again.gives({ type: 'ConsumerCommandRefused', code: 'CODE_TOO_SOON' })
  })

  test.each([
    ['nobody', given(consumer, 'con_1'), requestCode('cod_1'), 'CONSUMER_UNKNOWN'],
    ['nobody, entered', given(consumer, 'con_1'), confirmCode('cod_1'), 'CONSUMER_UNKNOWN'],
    [
      'an account without a phone',
      given(consumer, 'con_1').after(...opening()),
      requestCode('c', 'PHONE'),
      'PHONE_MISSING',
    ],
    ['nothing that was asked for', registered, confirmCode('cod_1'), 'CODE_UNKNOWN'],
  ])('for %s is refused and changes nothing', (_what, state, command, code) => {
    const decided = state.when(command).gives({ type: 'ConsumerCommandRefused', code })
    expect(decided.state).toEqual(state.state)
  })
})

test('the machine of codes has no step that a code takes twice', () => {
  expect(isLegal(codeMachine, 'USED', 'CodeAccepted', 'USED')).toBe(false)
  expect(isLegal(codeMachine, 'EXHAUSTED', 'CodeAccepted', 'USED')).toBe(false)
  expect(isLegal(codeMachine, 'EXHAUSTED', 'CodeWrong', 'ISSUED')).toBe(false)
  const code = asked.state.codes.find(({ purpose }) => purpose === 'EMAIL')
  if (code === undefined) throw new Error('A code was asked for.')
  expect(withCode([code], { ...code, codeId: 'cod_2' })).toMatchObject([{ codeId: 'cod_2' }])
})
