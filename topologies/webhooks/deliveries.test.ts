import { describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { deliveries, PAUSES_MS } from './deliveries.ts'
import type { ToDeliver } from './fan-out.ts'

const T0 = Date.parse('2026-01-01T00:00:00Z')
const endpoint = {
  ...{ endpointId: 'whe_1', url: 'https://shop.example.com', eventTypes: [], secretVersion: 1, previousUntil: null },
}
const metaAt = (id: string, at = T0) => ({ ...sampleMeta(id), occurredAt: at })
const toDeliver = (id: string, at = T0): ToDeliver => ({
  ...{ type: 'ToDeliver', meta: metaAt(id, at), merchantId: 'mer_1', deliveryId: `whd_${id}`, endpoint },
  ...{ eventId: id, eventType: 'purchase.captured', subject: 'pur_1', body: '{}' },
})
const report = (id: string, attempt: number, succeeded: boolean, over = {}, at = T0) => ({
  ...sampleRecord('WebhookDeliveryReported', {
    ...{ meta: metaAt(`report_${id}_${attempt}`, at), merchantId: 'mer_1', endpointId: 'whe_1', subject: 'pur_1' },
    ...{ deliveryId: `whd_${id}`, requestId: deriveId('req', `whd_${id}`, attempt), succeeded },
    ...(succeeded ? { status: 200 } : { status: 503, failure: 'http_503' }),
  }),
  endpoint,
  ...over,
})
const replay = (id: string, over = {}) => ({
  ...sampleRecord('ReplayWebhook', {
    ...{ meta: metaAt(`cmd_${id}`), merchantId: 'mer_1', endpointId: 'whe_1', subject: 'pur_1' },
    deliveryId: `whd_${id}`,
  }),
  endpoint,
  ...over,
})
const tick = (time: number) => sampleRecord('ClockTicked', { meta: metaAt(`tick_${time}`, time), time })

const queue = given(deliveries, 'whe_1:pur_1')
const types = (events: readonly { readonly type: string }[]) =>
  events.map(({ type }) => type).filter((type) => type !== 'EndpointSeen' && type !== 'QueueOpened')

describe('deliveries about one purchase', () => {
  test('go one after the other: the second waits for the first to be taken', () => {
    expect(types(queue.when(toDeliver('one')).events)).toEqual(['WebhookQueued', 'WebhookDeliveryRequested'])
    const both = queue.after(toDeliver('one'))
    expect(types(both.when(toDeliver('two')).events)).toEqual(['WebhookQueued'])
    const next = both.after(toDeliver('two')).when(report('one', 1, true))
    expect(types(next.events)).toEqual(['WebhookDelivered', 'WebhookDeliveryRequested'])
    expect(next.events.find((event) => event.type === 'WebhookDeliveryRequested')).toMatchObject({ eventId: 'two' })
  })

  test('the same event again, and a report that was heard before, change nothing', () => {
    const sent = queue.after(toDeliver('one'))
    expect(types(sent.when(toDeliver('one')).events)).toEqual([])
    const taken = sent.after(report('one', 1, true))
    expect(types(taken.when(report('one', 1, true)).events)).toEqual([])
    expect(types(taken.when(report('one', 1, false)).events)).toEqual([])
  })

  test('that fail are tried again after growing pauses, and hold up those behind them', () => {
    let story = queue.after(toDeliver('one'), toDeliver('two'))
    let now = T0
    for (const [index, pauseMs] of PAUSES_MS.entries()) {
      const failed = story.when(report('one', index + 1, false, {}, now))
      expect(failed.events[0]).toMatchObject({ type: 'WebhookAttemptFailed', nextAttemptAt: now + pauseMs })
      story = story.after(report('one', index + 1, false, {}, now))
      expect(deliveries.dueAt?.(story.state)).toBe(now + pauseMs)
      expect(types(story.when(tick(now + pauseMs - 1)).events)).toEqual([])
      now += pauseMs
      expect(types(story.when(tick(now)).events)).toEqual(['WebhookDeliveryRequested'])
      story = story.after(tick(now))
    }
    const last = story.when(report('one', PAUSES_MS.length + 1, false, {}, now))
    expect(types(last.events)).toEqual(['WebhookDeadLettered', 'WebhookDeliveryRequested'])
    expect(last.events.at(-1)).toMatchObject({ eventId: 'two' })
    const pauses = PAUSES_MS.map((pause, index) => pause > (PAUSES_MS[index - 1] ?? 0))
    expect(pauses.every(Boolean)).toBe(true)
  })

  test('that were given up are replayed once asked for, with as many attempts again', () => {
    let story = queue.after(toDeliver('one'))
    let now = T0
    for (const [index, pauseMs] of [...PAUSES_MS, 0].entries()) {
      story = story.after(report('one', index + 1, false, {}, now))
      now += pauseMs
      story = story.after(tick(now))
    }
    expect(story.state.deliveries).toMatchObject([{ status: 'DEAD' }])
    const again = story.when(replay('one'))
    expect(types(again.events)).toEqual(['WebhookReplayed', 'WebhookDeliveryRequested'])
    const no = PAUSES_MS.length + 2
    const failed = story.after(replay('one')).when(report('one', no, false, {}, now))
    expect(failed.events[0]).toMatchObject({ type: 'WebhookAttemptFailed', nextAttemptAt: now + (PAUSES_MS[0] ?? 0) })
    const taken = story.after(replay('one'), report('one', no, true))
    taken.when(replay('one')).gives({ type: 'WebhookCommandRefused', code: 'WEBHOOK_NOT_DEAD' })
  })

  test('stop when the endpoint is removed', () => {
    const sent = queue.after(toDeliver('one'), toDeliver('two'))
    const gone = sent.when(report('one', 1, false, { endpoint: null }))
    expect(types(gone.events)).toEqual(['WebhookDeadLettered'])
    expect(gone.state.deliveries).toEqual([])
  })

  test('are signed with the last secret too, for a day after it was changed', () => {
    const rotated = { ...endpoint, secretVersion: 2, previousUntil: T0 + 86_400_000 }
    const at = (ms: number) =>
      queue
        .when({ ...toDeliver('one', ms), endpoint: rotated })
        .events.find((e) => e.type === 'WebhookDeliveryRequested')
    expect(at(T0)).toMatchObject({ secretVersion: 2, signWithPrevious: true })
    expect(at(T0 + 86_400_000)).toMatchObject({ secretVersion: 2, signWithPrevious: false })
  })
})
