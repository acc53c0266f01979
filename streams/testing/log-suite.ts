/**
 * What every log must do. An adapter's test calls `logSuite` with a way to open a log and with what it has beyond the
 * port. The tests go by the port only, allow gaps between offsets, and name their topics and groups so that they can
 * run again and again against one broker. Random tests print their seed (TEST_SEED runs it again).
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { logGroupSuite } from './log-group-suite.ts'
import { logKeepingSuite } from './log-keeping-suite.ts'
import { logReadingSuite } from './log-reading-suite.ts'
import { type LogFeatures, type LogUnderTest, logKit } from './log-suite-kit.ts'
import { logTransactionSuite } from './log-transaction-suite.ts'

export type { LogFeatures, LogUnderTest } from './log-suite-kit.ts'

/** Registers the tests of the log port for one adapter. */
export function logSuite(name: string, open: () => Promise<LogUnderTest>, features: LogFeatures): void {
  describe(`the ${name} log`, () => {
    let under: LogUnderTest
    beforeAll(async () => {
      under = await open()
    })
    afterAll(async () => {
      await under.log.close()
      await under.remove()
    })
    const kit = logKit(
      features,
      () => under,
      async () => {
        if (under.reopen === undefined) throw new Error('The log under test says it is persistent and has no reopen.')
        under = { ...under, log: await under.reopen() }
      },
    )
    describe('writing and reading', () => logReadingSuite(kit))
    describe('transactions', () => logTransactionSuite(kit))
    describe('groups', () => logGroupSuite(kit))
    describe('keeping', () => logKeepingSuite(kit))
  })
}
