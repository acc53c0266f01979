import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, expect, test } from 'vitest'
import { describeWithOwnKafka } from '../../testing/kafka/describe-with-kafka.ts'
import { FaultProxy } from '../../testing/kafka/fault-proxy.ts'
import { evenAssignor, until } from '../../testing/log-suite-kit.ts'
import { Cluster } from './cluster.ts'
import { encodeSubscription } from './group-protocol.ts'
import { GroupRequests } from './group-requests.ts'
import { openKafkaLog } from './kafka-log.ts'
import { resolveKafkaOptions } from './options.ts'

let proxy: FaultProxy
const options = async () => {
  proxy = await FaultProxy.listen(() => 0)
  return { proxyPort: proxy.port }
}

await describeWithOwnKafka('a member that the group forgets while it joins', options, (broker) => {
  afterAll(() => proxy.close())
  afterEach(() => proxy.clearFaults())

  const noCallbacks = { onAssigned: async () => {}, onRevoked: async () => {}, onLost: async () => {} }

  test('joins anew, since it has nothing to lose', async () => {
    proxy.target(broker().addresses.behindProxy ?? '')
    const log = await openKafkaLog({ brokers: [proxy.address], sessionTimeoutMs: 1_000, heartbeatMs: 200 })
    const topic = `forgotten-${randomUUID()}`
    await log.createTopics([{ name: topic, partitions: 2, cleanup: 'delete', retentionMs: -1 }])
    // Between the two steps of joining passes more than a session: no heartbeat is sent before the first is over.
    proxy.addFault({ api: 'SyncGroup', trigger: { nth: 1 }, fault: { delayRequestMs: 3_000 } })
    const member = await log.joinGroup({
      ...{ group: topic, topics: [topic], assignor: evenAssignor },
      ...noCallbacks,
    })
    expect(proxy.faults).toBe(1)
    expect(member.assigned()).toHaveLength(2)
    await member.leave()
    await log.close()
  })

  test('takes its name back from a join that was long on its way, but not for ever', { timeout: 30_000 }, async () => {
    proxy.target(broker().addresses.behindProxy ?? '')
    const log = await openKafkaLog({ brokers: [proxy.address], sessionTimeoutMs: 6_000, heartbeatMs: 200 })
    const topic = `taken-${randomUUID()}`
    await log.createTopics([{ name: topic, partitions: 2, cleanup: 'delete', retentionMs: -1 }])
    const cluster = await Cluster.find(resolveKafkaOptions({ brokers: [proxy.address] }))
    const late = new GroupRequests(cluster)
    /** Another join under the name, of somebody who says nothing more, before each of the next so many SyncGroups. */
    const takeName = async (times: number) => {
      for (let taken = 0; taken < times; taken++) {
        const before = proxy.faults
        proxy.clearFaults()
        proxy.addFault({ api: 'SyncGroup', trigger: { nth: 1 }, fault: { delayRequestMs: 500 } })
        await until('the member joined', () => proxy.faults > before)
        const says = { topics: [topic], owned: [], generation: -1, joins: 1, userData: null }
        const speaker = { group: topic, memberId: '', instanceId: 'one' }
        void late.join(speaker, evenAssignor.name, encodeSubscription(says), 'late').catch(() => {})
      }
    }
    const join = () =>
      log.joinGroup({ group: topic, topics: [topic], assignor: evenAssignor, instanceId: 'one', ...noCallbacks })

    const [member] = await Promise.all([join(), takeName(1)])
    expect(member.assigned()).toHaveLength(2)
    await member.leave()
    const taking = takeName(4)
    await expect(join()).rejects.toMatchObject({
      code: 'LOG_REFUSED',
      message: expect.stringMatching(/FENCED_INSTANCE_ID.*instanceId/),
    })
    await taking
    await Promise.all([late.close(), cluster.close(), log.close()])
  })
})
