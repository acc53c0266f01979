/** Events of made-up consumers and a merchant, as the topologies would write them; the same for the same numbers. */
import { addDays } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import type { Instalment, PlanBalance, Topics } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { type Log, partitionFor, type Topic } from '#streams'
import type { SinkEvent } from '../feed/feed-record.ts'
import { sinkTopics } from '../feed/sink-topics.ts'

/** An event and the topic it stands in. */
export type Happening = { readonly topic: keyof Topics; readonly event: SinkEvent }

const MERCHANT = { merchantId: 'mer_sample', merchantName: 'Sample Shop', currency: 'EUR' }
const START = '2026-01-01'

/** What consumers do who buy so many times each: 36 events a purchase, 4 a consumer, 1 of the merchant. */
export function sampleLife(consumers: number, purchases: number): readonly Happening[] {
  const merchant = sampleRecord('MerchantOnboarded', { ...MERCHANT, meta: sampleMeta('evt_mer'), name: 'Sample Shop' })
  const lives = Array.from({ length: consumers }, (_, consumer) => [
    ...registered(consumer),
    ...Array.from({ length: purchases }, (_, purchase) => purchased(consumer, purchase)).flat(),
  ])
  return [{ topic: 'merchantEvents', event: merchant }, ...lives.flat()]
}

/** Makes the topics and writes the events, in their order. */
export async function writeLife(log: Log, topics: Topics, life: readonly Happening[]): Promise<void> {
  await log.createTopics(sinkTopics(topics))
  const records = life.map(({ topic: name, event }) => {
    const topic = topics[name] as unknown as Topic<SinkEvent>
    const key = topic.key.serialize(topic.keyOf?.(event) ?? '')
    const partition = partitionFor(key, log.partitionCount(topic.name))
    return {
      topic: topic.name,
      partition,
      timestampMs: event.meta.occurredAt,
      key,
      value: topic.value.serialize(event),
    }
  })
  for (let at = 0; at < records.length; at += 500) await log.append(records.slice(at, at + 500))
}

function registered(consumer: number): readonly Happening[] {
  const consumerId = deriveId('con', consumer)
  const meta = (name: string) => sampleMeta(deriveId('evt', consumer, name), START)
  const email = `consumer-${consumer}@example.com`
  const approved = { consumerId, status: 'APPROVED', previous: 'PENDING', final: true } as const
  const limit = { consumerId, currency: 'EUR', limitMinor: 600_00, score: 712 }
  const card = { consumerId, paymentMethodId: deriveId('pm', consumer), brand: 'visa', last4: '4242' }
  return [
    {
      topic: 'consumerEvents',
      event: sampleRecord('ConsumerRegistered', { meta: meta('registered'), consumerId, email }),
    },
    { topic: 'consumerEvents', event: sampleRecord('KycStatusChanged', { meta: meta('kyc'), ...approved }) },
    { topic: 'creditEvents', event: sampleRecord('LimitChanged', { meta: meta('limit'), ...limit }) },
    { topic: 'paymentEvents', event: sampleRecord('PaymentMethodAdded', { meta: meta('card'), ...card }) },
  ]
}

function purchased(consumer: number, purchase: number): readonly Happening[] {
  const life = new PurchaseLife(consumer, purchase)
  return [...life.bought(), ...life.paidBack(), ...life.settled()]
}

const ITEM = { name: 'Cup', quantity: 10, unitAmountMinor: 10_00 }
const BY_LINE = { items: [{ line: 1, quantity: 1 }], refundedItems: [{ line: 1, quantity: 1 }] }

/** One purchase of 100.00 in four payments, the last of them late, 10.00 of it refunded: one of ten cups. */
class PurchaseLife {
  readonly #seed: string
  readonly #date: string
  readonly #ids: { purchaseId: string; planId: string; consumerId: string; merchantId: string; currency: string }

  constructor(consumer: number, purchase: number) {
    this.#seed = `${consumer}/${purchase}`
    this.#date = addDays(START, purchase)
    const consumerId = deriveId('con', consumer)
    const purchaseId = deriveId('pur', this.#seed)
    const { merchantId, currency } = MERCHANT
    this.#ids = { purchaseId, planId: deriveId('pln', purchaseId), consumerId, merchantId, currency }
  }

  bought(): readonly Happening[] {
    const asked = { ...this.#ids, ...MERCHANT, checkoutId: deriveId('chk', this.#seed), amountMinor: 100_00 }
    const decision = { decisionId: deriveId('dec', this.#seed), limitMinor: 600_00, features: { score: 712 } }
    const captured = { capturedMinor: 100_00, authorisedMinor: 100_00, captureId: deriveId('cap', this.#seed) }
    const checkout = { checkoutId: asked.checkoutId, merchantId: asked.merchantId }
    return [
      {
        topic: 'merchantEvents',
        event: sampleRecord('CheckoutCreated', { ...asked, meta: this.#meta('checkout'), consumerId: null }),
      },
      {
        topic: 'merchantEvents',
        event: sampleRecord('CheckoutClaimed', {
          ...checkout,
          meta: this.#meta('claim'),
          consumerId: asked.consumerId,
        }),
      },
      {
        topic: 'purchaseEvents',
        event: sampleRecord('PurchaseRequested', { ...asked, items: [ITEM], meta: this.#meta('requested') }),
      },
      {
        topic: 'creditEvents',
        event: sampleRecord('PurchaseApproved', { ...asked, ...decision, meta: this.#meta('approved') }),
      },
      { topic: 'creditEvents', event: this.#exposure('held', { holdMinor: 100_00 }) },
      {
        topic: 'planEvents',
        event: sampleRecord('PlanProposed', { ...this.#plan('proposed', 0), product: 'PAY_IN_4' }),
      },
      {
        topic: 'purchaseEvents',
        event: sampleRecord('PurchaseAuthorised', { ...asked, meta: this.#meta('authorised') }),
      },
      {
        topic: 'purchaseEvents',
        event: sampleRecord('PurchaseCaptured', {
          ...this.#ids,
          ...captured,
          meta: this.#meta('captured'),
          amountMinor: 100_00,
        }),
      },
      { topic: 'planEvents', event: sampleRecord('PlanScheduled', this.#plan('scheduled', 0)) },
      { topic: 'creditEvents', event: this.#exposure('owed', { outstandingMinor: 100_00 }) },
      {
        topic: 'auditEntries',
        event: sampleRecord('AuditEntry', {
          meta: this.#meta('audit'),
          subject: asked.purchaseId,
          sequence: 1,
          detail: '{"a":"\\u00e4"}',
        }),
      },
    ]
  }

  paidBack(): readonly Happening[] {
    return [1, 2, 3, 4].flatMap((no): Happening[] => {
      const paymentId = deriveId('pay', this.#seed, no)
      const payment = { ...this.#ids, paymentId, instalmentNo: no, attempt: 1, amountMinor: 25_00 }
      const paid = { ...this.#plan(`paid ${no}`, no), instalmentNo: no, late: no === 4, amountMinor: 25_00 }
      const entry = { ...this.#ids, entryId: deriveId('ent', this.#seed, no), kind: 'INSTALMENT_PAID' }
      const receivable = `assets:consumer-receivable:${this.#ids.consumerId}`
      const postings = [
        { account: 'assets:cash', amountMinor: 25_00 },
        { account: receivable, amountMinor: -25_00 },
      ]
      const balance = { account: receivable, currency: 'EUR', balanceMinor: 100_00 - no * 25_00, postings: no }
      return [
        {
          topic: 'paymentEvents',
          event: sampleRecord('PaymentSucceeded', { ...payment, meta: this.#meta(`succeeded ${no}`) }),
        },
        { topic: 'planEvents', event: sampleRecord('InstalmentPaid', paid) },
        { topic: 'creditEvents', event: this.#exposure(`less ${no}`, { outstandingMinor: 100_00 - no * 25_00 }) },
        {
          topic: 'ledgerEntries',
          event: sampleRecord('LedgerEntryPosted', { ...entry, meta: this.#meta(`entry ${no}`), postings }),
        },
        {
          topic: 'ledgerBalances',
          event: sampleRecord('AccountBalanceChanged', { ...balance, meta: this.#meta(`balance ${no}`) }),
        },
      ]
    })
  }

  settled(): readonly Happening[] {
    const { merchantId, currency, purchaseId, consumerId } = this.#ids
    const settlementId = deriveId('set', this.#seed)
    const line = { merchantId, currency, purchaseId, settlementId, kind: 'SALE', amountMinor: 100_00 } as const
    const refund = {
      ...this.#ids,
      refundId: deriveId('ref', this.#seed),
      amountMinor: 10_00,
      refundedMinor: 10_00,
      ...BY_LINE,
    }
    const sent = { consumerId, notificationId: deriveId('ntf', this.#seed), template: 'plan-completed', body: 'Done.' }
    return [
      { topic: 'purchaseEvents', event: sampleRecord('PurchaseRefunded', { ...refund, meta: this.#meta('refunded') }) },
      {
        topic: 'settlementEvents',
        event: sampleRecord('SettlementLineAdded', {
          ...line,
          meta: this.#meta('line'),
          lineId: deriveId('lin', this.#seed),
        }),
      },
      {
        topic: 'settlementEvents',
        event: sampleRecord('SettlementClosed', {
          merchantId,
          currency,
          settlementId,
          meta: this.#meta('closed'),
          payoutMinor: 90_00,
        }),
      },
      {
        topic: 'settlementEvents',
        event: sampleRecord('PayoutPaid', {
          merchantId,
          currency,
          settlementId,
          meta: this.#meta('paid out'),
          amountMinor: 90_00,
        }),
      },
      {
        topic: 'notificationEvents',
        event: sampleRecord('NotificationSent', { ...sent, meta: this.#meta('sent'), channel: 'PUSH' }),
      },
    ]
  }

  #meta(name: string) {
    return sampleMeta(deriveId('evt', this.#seed, name), this.#date)
  }

  #exposure(name: string, owed: { holdMinor?: number; outstandingMinor?: number }) {
    const { consumerId, currency } = this.#ids
    const availableMinor = 600_00 - (owed.holdMinor ?? 0) - (owed.outstandingMinor ?? 0)
    return sampleRecord('ExposureChanged', {
      meta: this.#meta(name),
      consumerId,
      currency,
      limitMinor: 600_00,
      availableMinor,
      ...owed,
    })
  }

  /** A plan event after so many payments. */
  #plan(name: string, paid: number) {
    const instalments = [1, 2, 3, 4].map((no): Instalment => {
      const paidMinor = no <= paid ? 25_00 : 0
      const dueDate = addDays(this.#date, (no - 1) * 14)
      return {
        no,
        dueDate,
        amountMinor: 25_00,
        paidMinor,
        feesMinor: 0,
        feesPaidMinor: 0,
        delinquency: null,
        interest: null,
        status: paidMinor > 0 ? 'PAID' : 'SCHEDULED',
      }
    })
    const balance: PlanBalance = {
      authorisedMinor: 100_00,
      capturedMinor: 100_00,
      releasedMinor: 0,
      refundedMinor: 0,
      depositMinor: 0,
      holdMinor: 0,
      outstandingMinor: 100_00 - paid * 25_00,
      feesMinor: 0,
      paidMinor: paid * 25_00,
      interestMinor: 0,
    }
    return { ...this.#ids, meta: this.#meta(name), instalments, balance, amountMinor: 100_00 }
  }
}
