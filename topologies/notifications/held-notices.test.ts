import { describe, expect, test } from 'vitest'
import { msToDate } from '#domain/calendar.ts'
import { knownZone } from '#domain/zone-day.ts'
import type { Instalment } from '#schemas'
import { rootMeta } from '#schemas/envelope.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { consumerNotices } from './consumer-notices.ts'
import { outFrom } from './when.ts'

const consumerId = 'con_1'
const planId = 'pln_1'
const at = (time: string) => Date.parse(time)
const meta = (id: string, time: string) =>
  rootMeta({ source: 'test', id, occurredAt: at(time), businessDate: msToDate(at(time)) })
const of = (id: string, time: string) => ({ meta: meta(id, time), consumerId })
const tick = (time: string) =>
  sampleRecord('ClockTicked', { meta: meta(`tick ${time}`, time), time: at(time), date: msToDate(at(time)) })

const registered = sampleRecord('ConsumerRegistered', {
  ...of('evt_1', '2026-01-01T12:00:00Z'),
  ...{ email: 'ada@example.com', phone: '+4915550100', language: 'en', timeZone: 'Europe/Berlin' },
})
const berlin = given(consumerNotices, consumerId).after(registered)

const row = (no: number, dueDate: string, more: Partial<Instalment> = {}): Instalment => ({
  ...{ no, dueDate, amountMinor: 25_00, paidMinor: 0, feesMinor: 0, feesPaidMinor: 0 },
  ...{ status: 'SCHEDULED', delinquency: null, interest: null, ...more },
})
const rows = [row(1, '2026-01-02', { paidMinor: 25_00, status: 'PAID' }), row(2, '2026-01-16'), row(3, '2026-01-30')]
const balance = {
  ...{ authorisedMinor: 75_00, capturedMinor: 75_00, releasedMinor: 0, refundedMinor: 0, depositMinor: 0 },
  ...{ holdMinor: 0, outstandingMinor: 50_00, feesMinor: 0, paidMinor: 25_00, interestMinor: 0 },
}
const ofPlan = (id: string, time: string) => ({ ...of(id, time), planId, balance })
const scheduled = sampleRecord('PlanScheduled', {
  ...ofPlan('evt_2', '2026-01-02T12:00:00Z'),
  ...{ amountMinor: 75_00, instalments: rows },
})
const planned = berlin.after(scheduled)
const paid = sampleRecord('InstalmentPaid', {
  ...ofPlan('evt_3', '2026-01-13T07:00:00Z'),
  ...{ instalmentNo: 2, amountMinor: 25_00, balance: { ...balance, outstandingMinor: 25_00 } },
  instalments: [rows[0] as Instalment, row(2, '2026-01-16', { paidMinor: 25_00 }), row(3, '2026-01-30')],
})
const paused = sampleRecord('PlanPaused', {
  ...ofPlan('evt_4', '2026-01-10T12:00:00Z'),
  ...{ pauseId: 'pau_1', reason: 'PROBLEM', from: '2026-01-10', until: '2026-01-31' },
})
const failedAt = (time: string) =>
  sampleRecord('PaymentFailed', { ...of('evt_5', time), planId, instalmentNo: 2, amountMinor: 25_00 })

describe('a reminder', () => {
  test('goes out at ten in the morning three days before, once, for what is open', () => {
    expect(planned.dueAt).toBe(at('2026-01-13T09:00:00Z'))
    planned.when(tick('2026-01-13T09:00:00Z')).gives(
      { type: 'PlansFollowed' },
      {
        ...{ type: 'NotificationRequested', template: 'reminder', channel: 'EMAIL', templateVersion: 1 },
        body: 'Instalment 2 of 25.00 EUR is due on 2026-01-16. We collect it from your card; you can pay before.',
      },
      { type: 'NotificationRequested', template: 'reminder', channel: 'PUSH', legal: false },
    )
    const told = planned.after(tick('2026-01-13T09:00:00Z'))
    expect(told.dueAt).toBe(at('2026-01-27T09:00:00Z'))
    told.when(tick('2026-01-14T09:00:00Z')).givesNothing()
  })

  test('has one id for each instalment, even where a tick tells of two', () => {
    const sent = planned.when(tick('2026-01-27T09:00:00Z')).events.filter((e) => e.type === 'NotificationRequested')
    expect(sent.map((event) => event.channel)).toEqual(['EMAIL', 'PUSH', 'EMAIL', 'PUSH'])
    expect(new Set(sent.map((event) => event.requestId)).size).toBe(4)
  })

  test('is not for a plan without a capture, an instalment already paid, or a plan that has ended', () => {
    const uncaptured = { ...balance, capturedMinor: 0 }
    expect(berlin.after({ ...scheduled, balance: uncaptured }).dueAt).toBeNull()
    expect(planned.after(paid).dueAt).toBe(at('2026-01-27T09:00:00Z'))
    for (const type of ['PlanCompleted', 'PlanWrittenOff', 'PlanCancelled', 'PlanChargedOff'] as const) {
      expect(planned.after(sampleRecord(type, ofPlan('evt_9', '2026-01-10T12:00:00Z'))).state.plans).toEqual([])
    }
  })

  test('is not for what is due within three days of its schedule: that has just been told', () => {
    const soon = { ...scheduled, instalments: [row(1, '2026-01-02'), row(2, '2026-01-05'), row(3, '2026-01-06')] }
    expect(berlin.after(soon).dueAt).toBe(at('2026-01-03T09:00:00Z'))
  })

  test('follows a date that is moved', () => {
    const moved = sampleRecord('InstalmentMoved', {
      ...ofPlan('evt_6', '2026-01-14T12:00:00Z'),
      ...{ instalmentNo: 2, dueDate: '2026-01-23', instalments: [row(2, '2026-01-23'), row(3, '2026-01-30')] },
    })
    const told = planned.after(tick('2026-01-13T09:00:00Z'), moved)
    expect(told.dueAt).toBe(at('2026-01-20T09:00:00Z'))
  })

  test('waits for the end of a pause, which is told with the new dates', () => {
    const waiting = planned.after(paused)
    const resumed = 'The pause of your plan is over. Your payments now:\n2026-01-31: 25.00 EUR\n2026-01-31: 25.00 EUR'
    expect(waiting.dueAt).toBe(at('2026-01-31T09:00:00Z'))
    waiting
      .when(tick('2026-01-31T09:00:00Z'))
      .gives({ type: 'PlansFollowed' }, { type: 'NotificationRequested', template: 'plan-resumed', body: resumed })
    expect(waiting.after(tick('2026-01-31T09:00:00Z')).dueAt).toBeNull()
  })
})

describe('a notice in quiet hours', () => {
  const night = planned.after(tick('2026-01-13T09:00:00Z'), failedAt('2026-01-16T20:30:00Z'))

  test('is held until eight in the zone of the consumer, and goes out then', () => {
    planned.when(failedAt('2026-01-16T20:30:00Z')).gives({ type: 'NoticeHeld' })
    expect(night.dueAt).toBe(at('2026-01-17T07:00:00Z'))
    night
      .when(tick('2026-01-17T07:00:00Z'))
      .gives(
        { type: 'NoticeReleased' },
        { type: 'NotificationRequested', template: 'payment-failed', channel: 'SMS' },
        { type: 'NotificationRequested', template: 'payment-failed', channel: 'EMAIL' },
      )
    expect(night.after(tick('2026-01-17T07:00:00Z')).state.held).toEqual([])
  })

  test('is dropped where what it asks for is paid meanwhile', () => {
    night
      .after(paid)
      .when(tick('2026-01-17T07:00:00Z'))
      .gives(
        { type: 'NoticeReleased' },
        { type: 'NotificationDropped', template: 'payment-failed', planId, reason: 'NOTHING_OPEN' },
      )
  })

  test('is dropped where its plan is given up or, for a reminder, paused or moved', () => {
    // The reminder came due at ten, but the first tick was at ten in the evening.
    const late = planned.after(tick('2026-01-13T20:30:00Z'))
    expect(late.state.held.map(({ notice }) => notice.template)).toEqual(['reminder'])
    const gone = sampleRecord('PlanWrittenOff', ofPlan('evt_9', '2026-01-14T06:00:00Z'))
    for (const end of [{ ...paused, from: '2026-01-13' }, gone]) {
      const events = late.after(end).when(tick('2026-01-14T07:00:00Z')).events
      expect(events).toContainEqual(expect.objectContaining({ type: 'NotificationDropped', template: 'reminder' }))
      expect(events).not.toContainEqual(
        expect.objectContaining({ type: 'NotificationRequested', template: 'reminder' }),
      )
    }
  })

  test('waits another night where nobody ticked until the next one, but not for ever', () => {
    const again = night.after(tick('2026-01-17T17:00:00Z'))
    expect(again.state.held).toEqual([])
    const missed = planned.after(failedAt('2026-01-16T08:30:00Z'))
    expect(missed.state.held).toEqual([])
    expect(outFrom(at('2026-01-16T20:30:00Z'), at('2026-01-17T20:30:00Z'), 'Europe/Berlin')).toBe(
      at('2026-01-17T20:30:00Z'),
    )
    expect(outFrom(at('2026-01-16T09:00:00Z'), at('2026-01-16T20:00:00Z'), 'Europe/Berlin')).toBe(
      at('2026-01-17T07:00:00Z'),
    )
  })

  test('goes out at once where it is a code', () => {
    const code = sampleRecord('CodeIssued', {
      ...of('evt_8', '2026-01-16T23:00:00Z'),
      codeId: 'cod_1',
      purpose: 'EMAIL',
    })
    berlin.when(code).gives({ type: 'NotificationRequested', template: 'code-email', codeId: 'cod_1' })
  })

  test('in a zone that nobody knows counts by UTC', () => {
    expect([knownZone('Mars/Olympus'), knownZone(''), knownZone('Asia/Tokyo')]).toEqual(['UTC', 'UTC', 'Asia/Tokyo'])
    const lost = given(consumerNotices, consumerId).after({ ...registered, timeZone: 'Mars/Olympus' })
    expect(lost.after(failedAt('2026-01-16T21:30:00Z')).dueAt).toBe(at('2026-01-17T08:00:00Z'))
  })
})
