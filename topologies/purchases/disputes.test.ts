import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import { given } from '#streams/testing'
import { disputableMinor, EVIDENCE_DAYS, isUndecided } from './disputes.ts'
import type { PurchaseInput } from './facts.ts'
import { purchase } from './purchase.ts'
import * as sample from './purchase-samples.ts'
import {
  capture,
  chargeBackDecided,
  chargedBack,
  DAY,
  dispute,
  evidence,
  refund,
  T0,
  tick,
} from './purchase-samples.ts'

const at = (...inputs: readonly PurchaseInput[]) => given(purchase, 'pur_1').after(...inputs)
const captured = at(sample.request(), sample.authorised(), capture('cap_1', 10_000))
const disputed = captured.after(dispute('dis_1', 4_000))
const answered = disputed.after(evidence('dis_1'))

describe('a consumer’s dispute', () => {
  test('opens for what it names, and gives the merchant 14 days', () => {
    captured
      .when(dispute('dis_1', 4_000))
      .gives({ type: 'DisputeOpened', origin: 'CONSUMER', amountMinor: 4_000, evidenceDueAt: T0 + EVIDENCE_DAYS * DAY })
      .leaves({ status: 'CAPTURED', disputes: [{ disputeId: 'dis_1', status: 'OPEN' }] })
  })

  test('is about all that is captured and not refunded, where it names no amount', () => {
    captured
      .after(refund('ref_1', 1_000))
      .when(dispute('dis_1', null))
      .gives({ type: 'DisputeOpened', amountMinor: 9_000 })
  })

  test('that the merchant loses is refunded in the same step', () => {
    answered
      .when(sample.decideDispute('dis_1', false))
      .gives(
        { type: 'DisputeDecided', outcome: 'LOST', cause: 'OPERATOR', amountMinor: 4_000 },
        {
          type: 'PurchaseRefunded',
          refundId: deriveId('ref', 'dis_1'),
          disputeId: 'dis_1',
          amountMinor: 4_000,
          refundedMinor: 4_000,
        },
      )
      .leaves({ refundedMinor: 4_000, disputes: [{ status: 'LOST' }] })
  })

  test.each([
    ['the operator finds for the merchant', answered, sample.decideDispute('dis_1', true), 'WON', 'OPERATOR'] as const,
    ['the consumer withdraws', disputed, sample.withdrawDispute('dis_1'), 'WON', 'WITHDRAWN'] as const,
  ])('that the merchant wins changes nothing else: %s', (_, before, input, outcome, cause) => {
    before.when(input).gives({ type: 'DisputeDecided', outcome, cause }).leaves({ refundedMinor: 0 })
  })

  test('is lost by a merchant who accepts it', () => {
    disputed
      .when(sample.acceptDispute('dis_1'))
      .gives({ type: 'DisputeDecided', outcome: 'LOST', cause: 'ACCEPTED' }, { type: 'PurchaseRefunded' })
  })

  test('is lost by a merchant who does not answer in time, with the tick of the deadline and not before', () => {
    const due = T0 + EVIDENCE_DAYS * DAY
    disputed.when(tick(due - 1)).givesNothing()
    disputed
      .when(tick(due))
      .gives({ type: 'DisputeDecided', outcome: 'LOST', cause: 'NO_EVIDENCE' }, { type: 'PurchaseRefunded' })
    answered.when(tick(due)).givesNothing()
    expect(purchase.dueAt?.(disputed.state)).toBe(due)
  })

  test('two that are overdue at once are each refunded, and the refunds add up', () => {
    const { events, state } = disputed.after(dispute('dis_2', 1_000)).when(tick(T0 + 30 * DAY))
    expect(events.map((event) => ('refundedMinor' in event ? event.refundedMinor : event.type))).toEqual([
      ...['DisputeDecided', 4_000, 'DisputeDecided', 5_000],
    ])
    expect(state.refundedMinor).toBe(5_000)
  })
})

describe('a charge-back', () => {
  const back = captured.after(chargedBack('cb_1', 2_500))

  test('is disputed with the merchant, for the network to decide', () => {
    captured.when(chargedBack('cb_1', 2_500)).gives({
      type: 'DisputeOpened',
      disputeId: deriveId('dis', 'pur_1', 'cb_1'),
      origin: 'NETWORK',
      reason: 'fraudulent',
      amountMinor: 2_500,
      chargeBackId: 'cb_1',
    })
    back.when(chargedBack('cb_1', 2_500)).givesNothing()
  })

  test('is disputed only as far as something is captured that is neither refunded nor disputed', () => {
    captured
      .after(refund('ref_1', 9_000))
      .when(chargedBack('cb_1', 2_500))
      .gives({ type: 'DisputeOpened', amountMinor: 1_000 })
    captured.after(refund('ref_1', 10_000)).when(chargedBack('cb_1', 2_500)).givesNothing()
    at(sample.request(), sample.authorised()).when(chargedBack('cb_1', 2_500)).givesNothing()
  })

  test('ends as the network says, once', () => {
    back.when(chargeBackDecided('cb_1', true)).gives({ type: 'DisputeDecided', outcome: 'WON', cause: 'NETWORK' })
    const lost = back.when(chargeBackDecided('cb_1', false))
    lost.gives({ type: 'DisputeDecided', outcome: 'LOST' }, { type: 'PurchaseRefunded', amountMinor: 2_500 })
    back.after(chargeBackDecided('cb_1', false)).when(chargeBackDecided('cb_1', true)).givesNothing()
    captured.when(chargeBackDecided('cb_9', true)).givesNothing()
  })

  test.each([
    ['decided', sample.decideDispute(deriveId('dis', 'pur_1', 'cb_1'), true)],
    ['withdrawn', sample.withdrawDispute(deriveId('dis', 'pur_1', 'cb_1'))],
  ])('is not %s by anybody else', (_, input) => {
    back.when(input).gives({ type: 'PurchaseCommandRefused', code: 'DISPUTE_OF_NETWORK' })
  })
})

test.each([
  ['before there is a capture', at(sample.request(), sample.authorised()), dispute('dis_1', 1), 'NOTHING_TO_DISPUTE'],
  ['of more than was captured', captured, dispute('dis_1', 10_001), 'DISPUTE_OVER_CAPTURED'],
  ['of more than is left undisputed', disputed, dispute('dis_2', 6_001), 'DISPUTE_OVER_CAPTURED'],
  ['of nothing', captured, dispute('dis_1', 0), 'AMOUNT_INVALID'],
  ['under an id that is taken', disputed, dispute('dis_1', 1), 'DISPUTE_EXISTS'],
  ['120 days after the capture', captured, dispute('dis_1', 1, T0 + 120 * DAY), 'DISPUTE_TOO_LATE'],
  ['of somebody else', captured, { ...dispute('dis_1', 1), consumerId: 'con_2' }, 'PURCHASE_UNKNOWN'],
  ['answered by another merchant', disputed, { ...evidence('dis_1'), merchantId: 'mer_2' }, 'MERCHANT_MISMATCH'],
  ['answered that is not there', captured, evidence('dis_1'), 'DISPUTE_UNKNOWN'],
  ['answered late', disputed, evidence('dis_1', T0 + EVIDENCE_DAYS * DAY), 'DISPUTE_EVIDENCE_LATE'],
  ['answered when it is lost', disputed.after(tick(T0 + 30 * DAY)), evidence('dis_1'), 'DISPUTE_CLOSED'],
  ['met by a refund of what is disputed', disputed, refund('ref_1', 6_001), 'REFUND_DISPUTED'],
])('a dispute %s is refused', (_, before, input, code) => {
  const refused = before.when(input as PurchaseInput).gives({ type: 'PurchaseCommandRefused', code })
  expect(refused.state).toEqual(before.state)
})

test('one of its last day and one refund beside it are taken', () => {
  captured.when(dispute('dis_1', 1, T0 + 120 * DAY - 1)).gives({ type: 'DisputeOpened' })
  disputed.when(refund('ref_1', 6_000)).gives({ type: 'PurchaseRefunded', refundedMinor: 6_000, disputeId: null })
})

test('whatever is disputed, refunded and decided: refunded + undecided is never more than captured', () => {
  const id = fc.integer({ min: 1, max: 4 })
  const amount = fc.integer({ min: 1, max: 6_000 })
  const step = fc.oneof(
    fc.record({ id, amount }).map(({ id, amount }) => dispute(`dis_${id}`, amount)),
    fc.record({ id, amount }).map(({ id, amount }) => refund(`ref_${id}`, amount)),
    fc.record({ id, amount }).map(({ id, amount }) => chargedBack(`cb_${id}`, amount)),
    fc.record({ id, won: fc.boolean() }).map(({ id, won }) => chargeBackDecided(`cb_${id}`, won)),
    fc.record({ id, won: fc.boolean() }).map(({ id, won }) => sample.decideDispute(`dis_${id}`, won)),
    id.map((id) => sample.acceptDispute(`dis_${id}`)),
    id.map((id) => tick(T0 + id * 5 * DAY)),
  )
  const property = fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
    let story = captured
    for (const input of steps as readonly PurchaseInput[]) {
      story = story.after(input)
      const undecided = story.state.disputes.filter(isUndecided).reduce((sum, one) => sum + one.amountMinor, 0)
      expect(story.state.refundedMinor + undecided).toBeLessThanOrEqual(10_000)
      expect(disputableMinor(story.state)).toBe(10_000 - story.state.refundedMinor - undecided)
      const taken = story.state.captures.reduce((sum, one) => sum + one.refundedMinor, 0)
      expect(taken).toBe(story.state.refundedMinor)
    }
  })
  fc.assert(property, { numRuns: 2_000 })
})
