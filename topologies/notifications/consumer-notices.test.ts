import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { consumerNotices, type NotificationInput, type NotificationOutput } from './consumer-notices.ts'

const consumerId = 'con_1'
const registered = sampleRecord('ConsumerRegistered', {
  meta: sampleMeta('evt_registered'),
  consumerId,
  email: 'ada@example.com',
  phone: null,
  language: 'en',
  country: 'US',
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
      .gives({ type: 'NotificationRequested', channel: 'PUSH', template: 'limit-set' })
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
          recipient: consumerId,
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

  test('does not read the state for events that it never tells of', () => {
    expect(consumerNotices.keyOf(sampleRecord('ExposureChanged', { consumerId }))).toBeNull()
    expect(consumerNotices.keyOf(limitSet)).toBe(consumerId)
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
