import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { consumerNotices, type NotificationInput } from './consumer-notices.ts'
import type { NotificationOutput } from './notice-facts.ts'

const consumerId = 'con_1'
const registered = sampleRecord('ConsumerRegistered', {
  meta: sampleMeta('evt_registered'),
  consumerId,
  email: 'ada@example.com',
  phone: null,
  language: 'en',
  country: 'US',
  // Midnight in UTC is nine in the morning there.
  timeZone: 'Asia/Tokyo',
})
const limitSet = sampleRecord('LimitChanged', { meta: sampleMeta('evt_limit'), consumerId, limitMinor: 600_00 })
const verified = sampleRecord('KycStatusChanged', { meta: sampleMeta('evt_kyc'), consumerId, status: 'APPROVED' })

const fresh = given(consumerNotices, consumerId)

function answer(request: NotificationOutput | undefined, delivered: boolean) {
  if (request?.type !== 'NotificationRequested') throw new Error('nothing was requested')
  const { requestId, channel } = request
  const failureCode = delivered ? null : 'mailbox_full'
  return sampleRecord('NotificationReported', {
    meta: sampleMeta('evt_answer'),
    consumerId,
    requestId,
    channel,
    delivered,
    failureCode,
  })
}

describe('consumerNotices', () => {
  test('sends at once where the contact is known', () => {
    fresh
      .after(registered)
      .when(limitSet)
      .gives({ type: 'NotificationRequested', channel: 'EMAIL', template: 'limit-set' })
  })

  test('sends the code that opens an account to the address that was given, and remembers nobody', () => {
    const begun = sampleRecord('RegistrationBegun', {
      ...{ meta: sampleMeta('evt_begun'), consumerId, codeId: 'cod_1', email: 'new@example.com' },
      ...{ language: 'de', country: 'DE', timeZone: 'Europe/Berlin' },
    })
    const decided = fresh.when(begun).gives({
      ...{ type: 'NotificationRequested', channel: 'EMAIL', recipient: 'new@example.com', language: 'de' },
      ...{ template: 'code-registration', codeId: 'cod_1' },
    })
    expect(decided.state.contact).toBeNull()
    fresh.after(begun).when(begun).givesNothing()
    fresh.after(begun).when(answer(decided.events[0], true)).gives({ type: 'NotificationSent' })
    fresh.after(begun).when(answer(decided.events[0], false)).gives({ type: 'NotificationFailed' })
  })

  test('tells the owner of an account that somebody tried to open one with their address', () => {
    const repeated = sampleRecord('RegistrationRepeated', { meta: sampleMeta('evt_repeated'), consumerId })
    const told = fresh.after(registered).when(repeated)
    told.gives({ type: 'NotificationRequested', channel: 'EMAIL', recipient: 'ada@example.com', codeId: null })
  })

  test('keeps a notice until the contact is known, and sends it then, in order', () => {
    const waiting = fresh.after(verified, limitSet)
    expect(waiting.state.waiting.map((notice) => notice.template)).toEqual(['identity-approved', 'limit-set'])
    waiting
      .when(registered)
      .gives(
        { type: 'ContactLearned' },
        {
          type: 'NotificationRequested',
          template: 'identity-approved',
          recipient: 'ada@example.com',
          meta: { causationId: 'evt_kyc' },
        },
        {
          type: 'NotificationRequested',
          template: 'limit-set',
          recipient: 'ada@example.com',
          meta: { causationId: 'evt_limit' },
        },
      )
      .leaves({ waiting: [] })
  })

  test('says what was sent in the very words, once', () => {
    const sent = fresh.after(registered).when(verified)
    const report = answer(sent.events[0], true)
    const pending = fresh.after(registered, verified)
    pending
      .when(report)
      .gives({ type: 'NotificationSent', channel: 'EMAIL', subject: 'Your identity is verified', templateVersion: 1 })
      .leaves({ pending: [] })
    pending.after(report).when(report).givesNothing()
  })

  test('says that a notice could not be sent, and why', () => {
    const sent = fresh.after(registered).when(verified)
    fresh
      .after(registered, verified)
      .when(answer(sent.events[0], false))
      .gives({ type: 'NotificationFailed', template: 'identity-approved', failureCode: 'mailbox_full' })
      .leaves({ pending: [] })
  })

  test('tells of an event once, however often it comes', () => {
    const told = fresh.after(registered, verified)
    told.when(verified).givesNothing()
    const report = answer(fresh.after(registered).when(verified).events[0], true)
    told.after(report).when(verified).givesNothing()
    // So it is where the notice still waits for the contact.
    fresh
      .after(verified, verified)
      .when(registered)
      .gives({ type: 'ContactLearned' }, { type: 'NotificationRequested' })
  })

  test('goes by what the consumer chose, but for what the law asks for', () => {
    const choose = (category: 'ACCOUNT' | 'NEWS', channel: 'EMAIL' | 'PUSH', wanted: boolean) =>
      sampleRecord('NoticePreferencesChanged', { consumerId, choices: [{ category, channel, wanted }] })
    const quiet = fresh.after(registered, choose('ACCOUNT', 'EMAIL', false))
    quiet.when(limitSet).givesNothing()
    const declined = sampleRecord('PurchaseDeclined', { meta: sampleMeta('evt_declined'), consumerId })
    quiet.when(declined).gives({ type: 'NotificationRequested', channel: 'EMAIL', legal: true })
    quiet
      .after(choose('ACCOUNT', 'PUSH', true))
      .when(limitSet)
      .gives(
        { type: 'NotificationRequested', channel: 'EMAIL', recipient: 'ada@example.com' },
        { type: 'NotificationRequested', channel: 'PUSH', recipient: consumerId, subject: 'Your spending limit' },
      )
    const raised = sampleRecord('LimitChanged', { ...limitSet, previousMinor: 500_00 })
    fresh.after(registered).when(raised).givesNothing()
    fresh
      .after(registered, choose('NEWS', 'PUSH', true))
      .when(raised)
      .gives({ type: 'NotificationRequested', channel: 'PUSH', template: 'limit-raised' })
  })

  test('does not read the state for events that it never tells of', () => {
    expect(consumerNotices.keyOf(sampleRecord('ExposureChanged', { consumerId }))).toBeNull()
    expect(consumerNotices.keyOf(limitSet)).toBe(consumerId)
    expect(consumerNotices.keyOf(sampleRecord('ClockTicked'))).toBeNull()
  })

  test('sends the same messages wherever the registration comes in', () => {
    const events: NotificationInput[] = [
      verified,
      limitSet,
      sampleRecord('PaymentFailed', { meta: sampleMeta('evt_failed'), consumerId, amountMinor: 25_00 }),
      sampleRecord('LateFeeCharged', { meta: sampleMeta('evt_fee'), consumerId, amountMinor: 10_00 }),
    ]
    const sentBy = (inputs: readonly NotificationInput[]) => {
      const requests: NotificationOutput[] = []
      let spec = fresh
      for (const input of inputs) {
        requests.push(...spec.when(input).events.filter((event) => event.type === 'NotificationRequested'))
        spec = spec.after(input)
      }
      return requests
    }
    const expected = sentBy([registered, ...events])
    expect(expected).toHaveLength(4)
    const property = fc.property(fc.integer({ min: 0, max: events.length }), (at) => {
      expect(sentBy(events.toSpliced(at, 0, registered))).toEqual(expected)
    })
    fc.assert(property)
  })
})
