import { expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { crashReplay, crashStep } from '#streams/testing'
import { statementsTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas

const of = (id: string, date: string) => ({ meta: sampleMeta(id, date), consumerId: 'con_1' })
const tick = (date: string) =>
  sampleRecord('ClockTicked', { meta: sampleMeta(`tick_${date}`, date), time: dateToMs(date), date })
const balance = {
  ...{ authorisedMinor: 100_00, capturedMinor: 100_00, releasedMinor: 0, refundedMinor: 0, depositMinor: 0 },
  ...{ holdMinor: 0, outstandingMinor: 75_00, feesMinor: 0, paidMinor: 25_00, interestMinor: 0 },
}
const registered = sampleRecord('ConsumerRegistered', { ...of('evt_1', '2026-01-01'), timeZone: 'UTC' })
const scheduled = sampleRecord('PlanScheduled', {
  ...of('evt_2', '2026-01-05'),
  ...{ planId: 'pln_1', currency: 'EUR', amountMinor: 100_00, balance },
})
const paid = sampleRecord('InstalmentPaid', {
  ...of('evt_3', '2026-02-05'),
  ...{ planId: 'pln_1', currency: 'EUR', balance: { ...balance, outstandingMinor: 50_00 } },
})

test('writes each statement once, the same bytes where every step is lost once and processed again', async () => {
  const steps = [
    crashStep(topics.consumerEvents, registered),
    crashStep(topics.planEvents, scheduled),
    crashStep(topics.clock, tick('2026-01-31')),
    crashStep(topics.clock, tick('2026-02-01')),
    crashStep(topics.planEvents, paid),
    crashStep(topics.clock, tick('2026-05-10')),
  ]
  const watch = { topics: ['statement.events'], stores: ['accounts'] }
  const { calm, crashed } = await crashReplay(() => statementsTopology(schemas), steps, watch)
  expect(calm.outputs['statement.events']).toHaveLength(4)
  expect(crashed).toEqual(calm)
})
