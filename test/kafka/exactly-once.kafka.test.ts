import { afterAll, expect, test } from 'vitest'
import { describeWithOwnKafka, seededRandom, testSeed } from '#streams/testing'
import { FaultProxy } from '#streams/testing/kafka-broker'
import { CHAOS_MODES } from './chaos.ts'
import { BROKER_PROPERTIES, verifyExactlyOnce } from './verify-exactly-once.ts'

const seed = testSeed()
let proxy: FaultProxy
const options = async () => {
  proxy = await FaultProxy.listen(seededRandom(seed + 1).next)
  return { proxyPort: proxy.port, properties: BROKER_PROPERTIES }
}

await describeWithOwnKafka('exactly once, as an outside process sees it', options, (broker) => {
  afterAll(() => proxy.close())

  test('holds while instances are killed and frozen, the broker restarts and the network fails', {
    timeout: 300_000,
  }, async () => {
    const modes = new Set(CHAOS_MODES)
    const size = { records: 60_000, partitions: 8, keys: 5_000, instances: 3, seconds: 35 }
    const report = await verifyExactlyOnce({ seed, modes, ...size, trace: () => {} }, broker(), proxy)
    console.log(JSON.stringify(report))
    const message = `TEST_SEED=${seed} ${JSON.stringify(report)}`
    expect(report, message).toMatchObject({
      lost: 0,
      duplicated: 0,
      disordered: 0,
      wrongTotals: 0,
      stale: 0,
      rebuilds: 0,
    })
    expect(report.outputs, message).toBe(report.records)
    expect(report.records, message).toBeGreaterThanOrEqual(size.records)
    expect(report.kills, message).toBeGreaterThan(0)
    expect(report.freezes, message).toBeGreaterThan(0)
    expect(report.brokerRestarts + report.brokerKills, message).toBeGreaterThan(0)
    expect(report.faults, message).toBeGreaterThan(0)
    // One that is started while there is no broker ends at once, and says so; nothing else ends an instance.
    const others = Object.keys(report.failures).filter((why) => !why.includes('No Kafka broker answers'))
    expect(others, message).toEqual([])
  })
})
