import { expect, test } from 'vitest'
import { describeWithCluster, testSeed } from '#streams/testing'
import { KEEPS_MARKERS, type ProxiedClusterOptions } from '#streams/testing/kafka-broker'
import { CHAOS_MODES, type ChaosMode } from './chaos.ts'
import { type VerifyReport, verifyExactlyOnce } from './verify-exactly-once.ts'

const seed = testSeed()
const SIZE = { records: 60_000, partitions: 8, keys: 5_000, instances: 3 }

async function describeVerified(
  name: string,
  options: Pick<ProxiedClusterOptions, 'brokers'> & Partial<ProxiedClusterOptions>,
  body: (verify: (modes: readonly ChaosMode[], seconds: number) => Promise<VerifyReport>) => void,
): Promise<void> {
  await describeWithCluster(name, { ...options, seed }, (kafka) => {
    body(async (modes, seconds) => {
      const run = { seed, modes: new Set(modes), ...SIZE, seconds, trace: () => {} }
      const report = await verifyExactlyOnce(run, kafka())
      console.log(JSON.stringify(report))
      return report
    })
  })
}

function expectExactlyOnce(report: VerifyReport): void {
  const message = `TEST_SEED=${seed} ${JSON.stringify(report)}`
  const none = { lost: 0, duplicated: 0, disordered: 0, wrongTotals: 0, stale: 0, rebuilds: 0 }
  expect(report, message).toMatchObject(none)
  expect(report.outputs, message).toBe(report.records)
  expect(report.records, message).toBeGreaterThanOrEqual(SIZE.records)
  expect(report.kills, message).toBeGreaterThan(0)
  expect(report.freezes, message).toBeGreaterThan(0)
  expect(report.faults, message).toBeGreaterThan(0)
  // One that is started while there is no broker ends at once, and says so; nothing else ends an instance.
  const others = Object.keys(report.failures).filter((why) => !why.includes('No Kafka broker answers'))
  expect(others, message).toEqual([])
}

await describeVerified(
  'exactly once, as an outside process sees it',
  { brokers: 1, version: KEEPS_MARKERS },
  (verify) => {
    const name = 'holds while instances are killed and frozen, the broker restarts and the network fails'
    test(name, { timeout: 300_000 }, async () => {
      const report = await verify(CHAOS_MODES, 35)
      expectExactlyOnce(report)
      expect(report.brokerRestarts + report.brokerKills).toBeGreaterThan(0)
    })
  },
)

await describeVerified('exactly once on the newest Kafka', { brokers: 1 }, (verify) => {
  test('holds while instances are killed and frozen and the network fails', { timeout: 300_000 }, async () => {
    expectExactlyOnce(await verify(['kill', 'freeze', 'network'], 25))
  })
})

await describeVerified('exactly once on three brokers', { brokers: 3 }, (verify) => {
  const name = 'holds while leaders and coordinators move, instances are killed and frozen and the network fails'
  test(name, { timeout: 300_000 }, async () => {
    const report = await verify(CHAOS_MODES, 45)
    expectExactlyOnce(report)
    expect(report.brokerRestarts + report.brokerKills + report.brokerFreezes).toBeGreaterThan(1)
    // Two of three brokers are always there.
    expect(report.failures).toEqual({})
  })
})
