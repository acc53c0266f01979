import { describe, expect, test } from 'vitest'
import { addDays, msToDate } from '#domain/calendar.ts'
import type { DeliveryTrouble } from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { consumerNotices } from './consumer-notices.ts'
import type { NotificationOutput } from './notice-facts.ts'

const consumerId = 'con_1'
const email = 'ada@example.com'
const NOON = '2026-01-05T12:00:00Z'
const at = (time: string) => Date.parse(time)
const meta = (id: string, time = NOON) =>
  rootMeta({ source: 'test', id, occurredAt: at(time), businessDate: msToDate(at(time)) })
const tick = (time: string) =>
  sampleRecord('ClockTicked', { meta: meta(`tick ${time}`, time), time: at(time), date: msToDate(at(time)) })
const registered = (phone: string | null) =>
  sampleRecord('ConsumerRegistered', {
    ...{ meta: meta('evt_1'), consumerId, email, phone, language: 'en', timeZone: 'UTC' },
  })
/** Legal, and by e-mail alone. */
const writtenOff = sampleRecord('PlanWrittenOff', { meta: meta('evt_2'), consumerId, planId: 'pln_1' })
const limitSet = sampleRecord('LimitChanged', { meta: meta('evt_3'), consumerId, limitMinor: 600_00 })

function requestIn(events: readonly NotificationOutput[]) {
  const request = events.find((event) => event.type === 'NotificationRequested')
  if (request === undefined) throw new Error('Nothing was requested.')
  return request
}
const answered = (requestId: string, failureCode: string | null, id = `answer ${requestId}`) =>
  sampleRecord('NotificationReported', {
    ...{ meta: meta(id), consumerId, requestId, channel: 'EMAIL', delivered: failureCode === null, failureCode },
    provider: 'email-1',
  })
const back = (notificationId: string, trouble: DeliveryTrouble, more = {}) =>
  sampleRecord('ReportDelivery', {
    ...{ meta: meta(`cmd ${trouble} ${notificationId}`), consumerId, channel: 'EMAIL', notificationId },
    ...{ recipient: email, trouble, reason: 'said_so', ...more },
  })

const known = given(consumerNotices, consumerId).after(registered('+4915550100'))
const written = requestIn(known.when(writtenOff).events)
const mailed = known.after(writtenOff, answered(written.requestId, null))

describe('the mail with the code for an account that is not open yet', () => {
  const begun = sampleRecord('RegistrationBegun', {
    ...{ meta: meta('evt_begun'), consumerId, codeId: 'cod_1', email, language: 'en', timeZone: 'UTC' },
  })
  const unknown = given(consumerNotices, consumerId)
  const { requestId } = requestIn(unknown.when(begun).events)

  test('that comes back is returned, and closes no address', () => {
    const sent = unknown.after(begun, answered(requestId, null))
    sent.when(back(requestId, 'HARD_BOUNCE')).gives({ type: 'NotificationReturned', notificationId: requestId })
    sent.when(back(requestId, 'HARD_BOUNCE', { recipient: 'other@example.com' })).givesNothing()
  })

  test('that is refused has failed', () => {
    unknown.after(begun).when(answered(requestId, 'smtp_550')).gives({ type: 'NotificationFailed' })
  })
})

describe('a mail to a mailbox that is not there', () => {
  test('closes the address; what the law asks for goes by text message', () => {
    const bounced = mailed.when(back(written.requestId, 'HARD_BOUNCE'))
    bounced.gives(
      { type: 'NotificationReturned', notificationId: written.requestId, trouble: 'HARD_BOUNCE', reason: 'said_so' },
      { type: 'AddressUndeliverable', address: email, reason: 'said_so' },
      {
        ...{ type: 'NotificationRequested', channel: 'SMS', recipient: '+4915550100', subject: null, legal: true },
        ...{ template: 'written-off', templateVersion: 1, body: written.body },
      },
    )
    const after = mailed.after(back(written.requestId, 'HARD_BOUNCE'))
    after.when(limitSet).givesNothing()
  })

  test('is said at once by the server: the same follows, and by push where there is no phone', () => {
    const silent = given(consumerNotices, consumerId).after(registered(null))
    const request = requestIn(silent.when(writtenOff).events)
    silent
      .after(writtenOff)
      .when(answered(request.requestId, 'smtp_550'))
      .gives(
        { type: 'NotificationFailed', failureCode: 'smtp_550', provider: 'email-1' },
        { type: 'AddressUndeliverable', address: email, reason: 'smtp_550' },
        { type: 'NotificationRequested', channel: 'PUSH', recipient: consumerId, subject: written.subject },
      )
  })

  test('is not what a server says of a text: that closes no address, and is not tried again', () => {
    known
      .after(writtenOff)
      .when(answered(written.requestId, 'smtp_data_550'))
      .gives({ type: 'NotificationFailed', failureCode: 'smtp_data_550' })
  })

  test('is known to be sent where it comes back before the server’s answer is heard', () => {
    const faster = back(written.requestId, 'HARD_BOUNCE')
    const decided = known.after(writtenOff).when(faster)
    expect(decided.events.map(({ type }) => type)).toEqual([
      ...['NotificationSent', 'NotificationReturned', 'AddressUndeliverable', 'NotificationRequested'],
    ])
    known.after(writtenOff, faster).when(answered(written.requestId, null)).givesNothing()
  })

  test('sends no receipt by another channel: that was not asked for', () => {
    const request = requestIn(known.when(limitSet).events)
    known
      .after(limitSet, answered(request.requestId, null))
      .when(back(request.requestId, 'HARD_BOUNCE'))
      .gives({ type: 'NotificationReturned' }, { type: 'AddressUndeliverable' })
  })

  test('is heard once, and of the address of today only', () => {
    const report = back(written.requestId, 'HARD_BOUNCE')
    mailed.after(report).when(report).givesNothing()
    mailed.when(back(written.requestId, 'HARD_BOUNCE', { recipient: 'old@example.com' })).givesNothing()
    // Another mail that comes back from the same address closes nothing twice.
    const other = { ...back('ntf_other', 'HARD_BOUNCE'), meta: meta('cmd_other') }
    mailed.after(report).when(other).gives({ type: 'NotificationReturned', notificationId: 'ntf_other' })
  })

  test('opens again when the consumer proves the address', () => {
    const verified = sampleRecord('ContactVerified', { meta: meta('evt_9'), consumerId, purpose: 'EMAIL' })
    const code = sampleRecord('CodeIssued', { meta: meta('evt_8'), consumerId, codeId: 'cod_1', purpose: 'EMAIL' })
    const closed = mailed.after(back(written.requestId, 'HARD_BOUNCE'))
    closed.when(code).gives({ type: 'NotificationRequested', channel: 'EMAIL', template: 'code-email' })
    closed.after(verified).when(limitSet).gives({ type: 'NotificationRequested', channel: 'EMAIL' })
  })
})

describe('a mail that does not get through for now', () => {
  test.each(['smtp_450', 'smtp_552', 'provider_unavailable'])('is sent again after %s, later and later', (code) => {
    const first = known.when(limitSet)
    let { requestId } = requestIn(first.events)
    let state = known.after(limitSet)
    let time = at(NOON)
    const ids = new Set([requestId])
    for (const minutes of [15, 60]) {
      state.when(answered(requestId, code)).gives({ type: 'RetryPlanned' })
      state = state.after({
        ...answered(requestId, code),
        meta: meta(`answer ${requestId}`, new Date(time).toISOString()),
      })
      time += minutes * 60_000
      expect(state.dueAt).toBe(time)
      const next = tick(new Date(time).toISOString())
      const request = requestIn(state.when(next).events)
      expect(request).toMatchObject({ template: 'limit-set', attempt: ids.size + 1, recipient: email })
      requestId = request.requestId
      ids.add(requestId)
      state = state.after(next)
    }
    expect(ids.size).toBe(3)
    state.when(answered(requestId, null)).gives({ type: 'NotificationSent', notificationId: requestId })
  })

  test('has failed after five tries, and holds nothing any more', () => {
    let state = known.after(limitSet)
    let { requestId } = requestIn(known.when(limitSet).events)
    for (let day = 1; day <= 4; day++) {
      state = state.after(answered(requestId, 'smtp_450'))
      const next = tick(`${addDays('2026-01-06', day * 2)}T12:00:00Z`)
      requestId = requestIn(state.when(next).events).requestId
      state = state.after(next)
    }
    const last = state.when(answered(requestId, 'smtp_450'))
    last.gives({ type: 'NotificationFailed', failureCode: 'smtp_450' })
    expect(last.state).toMatchObject({ pending: [], retries: [], held: [] })
  })

  test('is said by webhook after the server took it: the same', () => {
    const soft = back(written.requestId, 'SOFT_BOUNCE')
    mailed.when(soft).gives({ type: 'NotificationReturned', trouble: 'SOFT_BOUNCE' }, { type: 'RetryPlanned' })
    mailed.after(soft).when(soft).givesNothing()
    mailed.when(back('ntf_unknown', 'SOFT_BOUNCE')).gives({ type: 'NotificationReturned' })
  })

  test('is not sent again into an address that bounced, or in quiet hours', () => {
    const soft = mailed.after(back(written.requestId, 'SOFT_BOUNCE'))
    soft.after(back('ntf_other', 'HARD_BOUNCE')).when(tick('2026-01-05T13:00:00Z')).gives({ type: 'RetryBegun' })
    soft.when(tick('2026-01-05T22:00:00Z')).gives({ type: 'RetryBegun' }, { type: 'RetryPlanned' })
    expect(soft.after(tick('2026-01-05T22:00:00Z')).dueAt).toBe(at('2026-01-06T08:00:00Z'))
  })

  test('is not sent again with a code, which would not be good any more', () => {
    const code = sampleRecord('CodeIssued', { meta: meta('evt_8'), consumerId, codeId: 'cod_1', purpose: 'EMAIL' })
    const { requestId } = requestIn(known.when(code).events)
    known.after(code).when(answered(requestId, 'provider_unavailable')).gives({ type: 'NotificationFailed' })
  })

  test('is not sent again where nobody knows whether it was sent', () => {
    const { requestId } = requestIn(known.when(limitSet).events)
    known.after(limitSet).when(answered(requestId, 'outcome_unknown')).gives({ type: 'NotificationFailed' })
  })
})

test('a complaint is told, for the consumers topology to hear', () => {
  mailed
    .when(back(written.requestId, 'COMPLAINT'))
    .gives({ type: 'NotificationReturned', trouble: 'COMPLAINT', recipient: email })
})
