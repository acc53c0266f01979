import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { describeWithOwnKafka } from '../../testing/kafka/describe-with-kafka.ts'
import { FaultProxy } from '../../testing/kafka/fault-proxy.ts'
import { evenAssignor } from '../../testing/log-suite-kit.ts'
import { openKafkaLog } from './kafka-log.ts'

let proxy: FaultProxy
const options = async () => {
  proxy = await FaultProxy.listen(() => 0)
  return { proxyPort: proxy.port }
}

await describeWithOwnKafka('a member that the group forgets while it joins', options, (broker) => {
  afterAll(() => proxy.close())

  test('joins anew, since it has nothing to lose', async () => {
    proxy.target(broker().addresses.behindProxy ?? '')
    const log = await openKafkaLog({ brokers: [proxy.address], sessionTimeoutMs: 1_000, heartbeatMs: 200 })
    const topic = `forgotten-${randomUUID()}`
    await log.createTopics([{ name: topic, partitions: 2, cleanup: 'delete', retentionMs: -1 }])
    // Between the two steps of joining passes more than a session: no heartbeat is sent before the first is over.
    proxy.addFault({ api: 'SyncGroup', trigger: { nth: 1 }, fault: { delayRequestMs: 3_000 } })
    const member = await log.joinGroup({
      ...{ group: topic, topics: [topic], assignor: evenAssignor },
      onAssigned: async () => {},
      onRevoked: async () => {},
      onLost: async () => {},
    })
    expect(proxy.faults).toBe(1)
    expect(member.assigned()).toHaveLength(2)
    await member.leave()
    await log.close()
  })
})
