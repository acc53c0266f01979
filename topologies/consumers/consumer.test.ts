import { describe, expect, test } from 'vitest'
import type { KycStatus } from '#schemas'
import { given } from '#streams/testing'
import { ageOn } from './age.ts'
import { consumer } from './consumer.ts'
import {
  beginRegistration,
  endSession,
  HOUR,
  opening,
  report,
  requestCheck,
  startSession,
  T0,
  tick,
} from './consumer-samples.ts'
import type { ConsumerInput } from './facts.ts'
import { SESSIONS_MAX } from './sessions.ts'

const at = (...inputs: readonly ConsumerInput[]) => given(consumer, 'con_1').after(...inputs)
const registered = at(...opening())
const pending = registered.after(requestCheck('chk_1'))

describe('registration', () => {
  test.each([
    ['2008-03-01', true],
    ['2008-03-02', false],
    ['2009-01-01', false],
    ['2027-01-01', false],
    ['1926-03-01', true],
  ])('of someone born on %s on 1 March 2026: %s', (dateOfBirth, taken) => {
    const [first] = at().when(beginRegistration({ dateOfBirth })).events
    expect(first).toMatchObject(taken ? { type: 'RegistrationBegun' } : { code: 'CONSUMER_UNDERAGE' })
  })

  test.each([
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2008-12-31', '2026-12-31', 18],
    ['2008-12-31', '2026-12-30', 17],
  ])('someone born on %s is on %s %i years old', (born, date, age) => {
    expect(ageOn(born, date)).toBe(age)
  })
})

describe('sessions', () => {
  test('open beside each other and close one by one', () => {
    registered
      .when(startSession('ses_1'))
      .gives(
        { type: 'SessionStarted', sessionId: 'ses_1' },
        { type: 'SessionKept' },
        { type: 'AttemptsKept', signIn: null },
      )
      .leaves({ sessions: [{ sessionId: 'ses_0' }, { sessionId: 'ses_1', tokenHash: 'hash of ses_1' }] })
    registered
      .after(startSession('ses_1'))
      .when(endSession('ses_0'))
      .gives({ type: 'SessionEnded', sessionId: 'ses_0' })
      .leaves({ sessions: [{ sessionId: 'ses_1' }] })
  })

  test('that have expired are dropped when another one opens', () => {
    registered.when(startSession('ses_1', T0 + 240 * HOUR)).leaves({ sessions: [{ sessionId: 'ses_1' }] })
  })

  test('that are too many end with the oldest', () => {
    const full = registered.after(
      ...Array.from({ length: SESSIONS_MAX - 1 }, (_, index) => startSession(`ses_${index + 1}`)),
    )
    expect(full.state.sessions).toHaveLength(SESSIONS_MAX)
    const decided = full.when(startSession('ses_new'))
    decided.gives(
      { type: 'SessionStarted' },
      { type: 'SessionKept' },
      { type: 'AttemptsKept' },
      { type: 'SessionEnded', sessionId: 'ses_0', reason: 'TOO_MANY' },
    )
    expect(decided.state.sessions).toHaveLength(SESSIONS_MAX)
    expect(decided.state.sessions.at(-1)?.sessionId).toBe('ses_new')
  })

  test.each([
    ['start twice', registered, startSession('ses_0'), 'SESSION_EXISTS'],
    ['end twice', registered.after(endSession('ses_0')), endSession('ses_0'), 'SESSION_UNKNOWN'],
    ['start for nobody', at(), startSession('ses_1'), 'CONSUMER_UNKNOWN'],
    ['end for nobody', at(), endSession('ses_1'), 'CONSUMER_UNKNOWN'],
  ])('are refused to %s', (_what, state, command, code) => {
    const decided = state.when(command).gives({ type: 'ConsumerCommandRefused', command: command.type, code })
    expect(decided.state).toEqual(state.state)
  })
})

describe('an identity check', () => {
  test('asks the provider and waits', () => {
    registered
      .when(requestCheck('chk_1'))
      .gives(
        { type: 'KycStatusChanged', checkId: 'chk_1', previous: 'NOT_STARTED', status: 'PENDING', final: false },
        { type: 'IdentityCheckRequested', checkId: 'chk_1', givenName: 'Lena', email: 'lena@example.com' },
      )
      .leaves({ kyc: { status: 'PENDING', checkId: 'chk_1', requestedAt: T0, reportedAt: null } })
  })

  test('is moved by its report', () => {
    pending
      .when(report('DECLINED', { reasons: ['DOCUMENT_UNREADABLE'], final: true }))
      .gives(
        {
          type: 'KycStatusChanged',
          previous: 'PENDING',
          status: 'DECLINED',
          final: true,
          reasons: ['DOCUMENT_UNREADABLE'],
        },
        { type: 'ReportNoted' },
      )
      .leaves({ kyc: { status: 'DECLINED', final: true, reportedAt: T0 + HOUR } })
  })

  const approved = pending.after(report('APPROVED'))
  const expired = pending.after(tick(T0 + 24 * HOUR))
  test.each([
    ['the same outcome, now final', approved, report('APPROVED', { final: true, at: T0 + 2 * HOUR }), 'APPROVED'],
    ['an outcome that is overturned', approved, report('DECLINED', { at: T0 + 2 * HOUR }), 'DECLINED'],
    ['an older report that comes after a newer one', approved, report('NEEDS_REVIEW', { at: T0 + HOUR - 1 }), null],
    ['an older report that is final', approved, report('DECLINED', { at: T0, final: true }), 'DECLINED'],
    [
      'anything after the final report',
      pending.after(report('APPROVED', { final: true })),
      report('DECLINED', { final: true, at: T0 + 9 * HOUR }),
      null,
    ],
    [
      'a report of a check that was replaced',
      expired.after(requestCheck('chk_2', T0 + 25 * HOUR)),
      report('APPROVED', { final: true }),
      null,
    ],
    ['a report that nobody asked for', registered, report('APPROVED', { final: true }), null],
    ['a report about nobody', at(), report('APPROVED', { final: true }), null],
    ['a late report, after the check has expired', expired, report('APPROVED', { at: T0 + 30 * HOUR }), 'APPROVED'],
    [
      'a decision after review',
      pending.after(report('NEEDS_REVIEW')),
      report('APPROVED', { at: T0 + 2 * HOUR }),
      'APPROVED',
    ],
    ['an expiry said by the connector', pending, report('EXPIRED'), 'EXPIRED'],
    ['an expiry after approval', approved, report('EXPIRED', { at: T0 + 2 * HOUR }), null],
  ] as const)('hears %s', (_what, state, heard, moved: KycStatus | null) => {
    const decided = state.when(heard)
    if (moved === null) decided.givesNothing()
    else
      decided.gives(
        { type: 'KycStatusChanged', status: moved, previous: state.state.kyc.status },
        { type: 'ReportNoted' },
      )
  })

  test.each([
    ['one is running', pending, 'KYC_IN_PROGRESS'],
    ['a person is looking at it', pending.after(report('NEEDS_REVIEW')), 'KYC_IN_PROGRESS'],
    ['the identity is confirmed', approved, 'KYC_APPROVED'],
    ['it was declined for good', pending.after(report('DECLINED', { final: true })), 'KYC_FINAL'],
    ['there is no account', at(), 'CONSUMER_UNKNOWN'],
  ])('cannot be asked for where %s', (_what, state, code) => {
    state.when(requestCheck('chk_2')).gives({ type: 'ConsumerCommandRefused', command: 'RequestIdentityCheck', code })
  })

  test.each([
    ['it expired', expired],
    ['it was declined, but not for good', pending.after(report('DECLINED'))],
  ])('can be asked for again where %s', (_what, state) => {
    state
      .when(requestCheck('chk_2'))
      .gives({ type: 'KycStatusChanged', status: 'PENDING', checkId: 'chk_2' }, { type: 'IdentityCheckRequested' })
    state.when(requestCheck('chk_1')).gives({ type: 'ConsumerCommandRefused', code: 'CHECK_EXISTS' })
  })

  test('expires after 24 hours without a report', () => {
    expect(pending.dueAt).toBe(T0 + 24 * HOUR)
    pending.when(tick(T0 + 24 * HOUR - 1)).givesNothing()
    pending
      .when(tick(T0 + 24 * HOUR))
      .gives({ type: 'KycStatusChanged', status: 'EXPIRED', previous: 'PENDING', checkId: 'chk_1', final: false })
      .leaves({ kyc: { status: 'EXPIRED' } })
    for (const settled of [registered, approved, expired]) expect(settled.dueAt).toBeNull()
    approved.when(tick(T0 + 99 * HOUR)).givesNothing()
  })
})

test('events that one tick gives to two consumers have ids of their own', () => {
  const other = given(consumer, 'con_2').after(...opening({ consumerId: 'con_2' }), {
    ...requestCheck('chk_9'),
    consumerId: 'con_2',
  })
  const late = tick(T0 + 24 * HOUR)
  const ids = [pending, other].map((state) => {
    const [event] = state.when(late).events
    return event !== undefined && 'meta' in event ? event.meta.id : null
  })
  expect(new Set(ids).size).toBe(2)
  expect(ids).not.toContain(null)
})
