import { beforeEach, describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import type { ClockTicked, ConsumerFees } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { given, TopologyTestDriver } from '#streams/testing'
import { planDecider } from './plan.ts'
import { approved, captured, day, PLAN_ID, paid, reverse, tick, waive } from './plan-samples.ts'
import { installmentsTopology } from './topology.ts'

const FEE = deriveId('fee', PLAN_ID, 1)
const SECOND = deriveId('fee', PLAN_ID, 2)
const running = given(planDecider(), PLAN_ID).after(approved(100_00), paid('pay_1', 25_00), captured('cap_1', 100_00))
/** The second instalment is late and cost 10. */
const late = running.after(tick(14), tick(15), tick(16))

describe('a late fee', () => {
  test('is waived as far as it is not paid, and stays on record', () => {
    late.when(waive(FEE, 4_00, 17)).gives({
      ...{ type: 'LateFeeReversed', amountMinor: 4_00, unpaidMinor: 4_00, returnedMinor: 0, cause: 'WAIVED' },
      balance: { feesMinor: 6_00, outstandingMinor: 75_00 },
    })
    const after = late.after(waive(FEE, 4_00, 17), waive(FEE, null, 18))
    expect(after.state.fees).toMatchObject([{ feeId: FEE, amountMinor: 10_00, reversedMinor: 10_00 }])
    after.when(waive(FEE, null, 19)).gives({ type: 'PlanCommandRefused', code: 'FEE_REVERSED_BEFORE' })
    late.when(waive(FEE, 10_01, 17)).gives({ type: 'PlanCommandRefused', code: 'WAIVER_TOO_LARGE' })
    late.when(waive('fee_x', null, 17)).gives({ type: 'PlanCommandRefused', code: 'FEE_UNKNOWN' })
  })

  test('that was a mistake is reversed whole: what was paid of it goes back', () => {
    const part = late.after(paid('pay_2', 6_00, 17, 2))
    part
      .when(reverse(FEE, 18))
      .gives(
        { type: 'LateFeeReversed', amountMinor: 10_00, unpaidMinor: 4_00, returnedMinor: 6_00, cause: 'MISTAKE' },
        { type: 'ReturnDue', paymentId: 'pay_2', amountMinor: 6_00, cause: 'OVERPAYMENT' },
      )
    part.when(waive(FEE, 5_00, 18)).gives({ type: 'PlanCommandRefused', code: 'WAIVER_TOO_LARGE' })
  })

  test('is reversed on a plan that is done, too', () => {
    const done = late.after(paid('pay_2', 85_00, 17, 2))
    expect(done.state.status).toBe('COMPLETED')
    done
      .when(reverse(FEE, 18))
      .gives({ type: 'LateFeeReversed', returnedMinor: 10_00 }, { type: 'ReturnDue', amountMinor: 10_00 })
  })

  test('reversed leaves its place under the cap of the order free, and has an id of its own', () => {
    const all = late.after(tick(23), tick(28), tick(30))
    expect(all.state.fees.map(({ amountMinor }) => amountMinor)).toEqual([10_00, 7_00, 8_00])
    const again = all.after(reverse(SECOND, 31), tick(37))
    const fees = again.state.fees
    expect(fees.map(({ amountMinor, reversedMinor }) => amountMinor - reversedMinor)).toEqual([10_00, 0, 8_00, 7_00])
    expect(new Set(fees.map(({ feeId }) => feeId)).size).toBe(4)
  })
})

describe('Australian law', () => {
  const schemas = testSchemas()
  const { topics } = schemas
  let driver: TopologyTestDriver

  beforeEach(async () => {
    driver = await TopologyTestDriver.create(installmentsTopology(schemas))
  })

  /** A captured plan of 100.00 of the consumer, of which a quarter is paid. */
  async function plan(no: number, consumerId = 'con_1', currency = 'AUD'): Promise<string> {
    const purchaseId = `pur_${no}`
    const planId = deriveId('pln', purchaseId)
    const own = { consumerId, purchaseId, planId, currency }
    const meta = (id: string) => ({ ...approved(1).meta, id: `${id} ${no}` })
    await driver.pipe(topics.creditEvents, { ...approved(100_00), ...own, meta: meta('approved') })
    await driver.pipe(topics.paymentEvents, { ...paid(`pay_${no}`, 25_00), ...own, meta: meta('paid') })
    await driver.pipe(topics.purchaseEvents, { ...captured(`cap_${no}`, 100_00), ...own, meta: meta('captured') })
    return planId
  }

  const fees = () =>
    driver.readValues(topics.planEvents).flatMap((event) => (event?.type === 'LateFeeCharged' ? [event] : []))
  const pass = async (...ticks: readonly ClockTicked[]) => {
    for (const at of ticks) await driver.pipe(topics.clock, at)
  }
  const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => tick(from + index))

  test('allows 120 in late fees over all plans of a consumer, and the fee that reaches it lands on it', async () => {
    for (let no = 1; no <= 6; no += 1) await plan(no)
    await pass(...days(14, 50))
    const charged = fees()
    expect(charged.reduce((sum, fee) => sum + fee.amountMinor, 0)).toBe(120_00)
    // 6 × 10, 6 × 7, then 8, 8 and the 2 that are left: those of the same day are counted, too.
    expect(charged.map(({ amountMinor }) => amountMinor).slice(12)).toEqual([8_00, 8_00, 2_00])
    expect((await driver.store<ConsumerFees>('consumer-fees').get('con_1'))?.fees).toHaveLength(15)
  })

  test('looks at twelve months that roll: a fee of the same date a year ago has left', async () => {
    for (let no = 1; no <= 5; no += 1) await plan(no)
    await pass(...days(14, 50))
    expect(fees().reduce((sum, fee) => sum + fee.amountMinor, 0)).toBe(120_00)
    const later = { ...approved(100_00, 'PAY_IN_30'), purchaseId: 'pur_9', meta: { ...approved(1).meta, id: 'later' } }
    const own = { purchaseId: 'pur_9', planId: deriveId('pln', 'pur_9') }
    await driver.pipe(topics.creditEvents, later)
    await driver.pipe(topics.purchaseEvents, { ...captured('cap_9', 100_00, 349), ...own })
    // Due on day 379; the first fees, of day 16, left on day 381.
    await pass(...days(379, 381))
    expect(fees().map(({ amountMinor, meta }) => [amountMinor, meta.businessDate])).toEqual([[10_00, day(381)]])
  })

  test('gives the room back that a reversed fee had', async () => {
    const planIds: string[] = []
    for (let no = 1; no <= 6; no += 1) planIds.push(await plan(no))
    await pass(...days(14, 29))
    const [first] = fees()
    const mistake = { ...reverse(first?.feeId ?? '', 29), planId: first?.planId ?? '' }
    await driver.pipe(topics.planCommands, mistake)
    await pass(...days(30, 50))
    const sums = (await driver.store<ConsumerFees>('consumer-fees').get('con_1'))?.fees ?? []
    expect(sums.reduce((sum, fee) => sum + fee.amountMinor - fee.reversedMinor, 0)).toBe(120_00)
    expect(planIds).toContain(first?.planId)
  })

  test('counts each consumer alone, and its own currency only', async () => {
    for (let no = 1; no <= 6; no += 1) await plan(no, no <= 3 ? 'con_1' : 'con_2')
    await pass(...days(14, 50))
    expect(fees().reduce((sum, fee) => sum + fee.amountMinor, 0)).toBe(150_00)
    for (let no = 11; no <= 16; no += 1) await plan(no, 'con_3', 'EUR')
    await pass(...days(51, 90))
    const euros = fees().filter(({ currency }) => currency === 'EUR')
    expect(euros.reduce((sum, fee) => sum + fee.amountMinor, 0)).toBe(150_00)
  })
})
