import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeWithKafka } from '../../testing/kafka/describe-with-kafka.ts'
import { logSuite } from '../../testing/log-suite.ts'
import { evenAssignor } from '../../testing/log-suite-kit.ts'
import { openKafkaLog } from './kafka-log.ts'
import type { KafkaLogOptions } from './options.ts'

const features = {
  persistent: true,
  maintains: false,
  faults: false,
  expels: false,
  refusedRecordBytes: 1024 * 1024 + 1,
}

await describeWithKafka('on a real broker', (kafka) => {
  const openWith = (more: Partial<KafkaLogOptions>) => async () => {
    const open = () => openKafkaLog({ brokers: kafka.brokers, heartbeatMs: 100, ...more })
    let log = await open()
    return {
      log,
      reopen: async () => {
        await log.close()
        log = await open()
        return log
      },
      remove: async () => {},
    }
  }
  logSuite('Kafka', openWith({}), features)
  logSuite(
    'Kafka, with the transactions of KIP-890 and zstd,',
    openWith({ transactions: 'kip-890', compression: 'zstd' }),
    features,
  )

  test('who keeps its place is back without a rebalance; after its session the others have its share', async () => {
    const [topic, group] = [`place-${randomUUID()}`, `place-${randomUUID()}`]
    const times = { heartbeatMs: 100, sessionTimeoutMs: 3_000 }
    const log = await openKafkaLog({ brokers: kafka.brokers, ...times })
    await log.createTopics([{ name: topic, partitions: 4, cleanup: 'delete', retentionMs: -1 }])
    const told: Record<string, string[]> = { a: [], b: [] }
    const join = (instanceId: 'a' | 'b') =>
      log.joinGroup({
        ...{ group, topics: [topic], assignor: evenAssignor, instanceId },
        onAssigned: async (assigned) => void told[instanceId]?.push(`has ${assigned.length}`),
        onRevoked: async (revoked) => void told[instanceId]?.push(`gives ${revoked.length}`),
        onLost: async () => void told[instanceId]?.push('lost'),
      })
    const a = await join('a')
    const b = await join('b')
    const had = b.assigned().map(({ partition }) => partition)
    const generation = a.epoch().generation
    await b.leave({ keepsPlace: true })
    expect(told['b']?.at(-1)).toBe('gives 2')
    const again = await join('b')
    expect(again.assigned().map(({ partition }) => partition)).toEqual(had)
    expect([a.epoch().generation, again.epoch().generation]).toEqual([generation, generation])
    await again.leave({ keepsPlace: true })
    const before = performance.now()
    while (a.assigned().length < 4) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(performance.now() - before).toBeGreaterThan(1_000)
    await a.leave()
    await log.close()
  })
})
