/** Makes another broker the leader of a partition, as an operator does, while all of them are up. */
import { alterPartitionReassignmentsV0, Connection, metadataV12, Writer } from '@platformatic/kafka'

/** A partition, and who shall lead it. */
export type LeaderMove = { readonly topic: string; readonly partition: number; readonly to: number }

const ELECT_LEADERS = 43
const VERSION = 2
const PREFERRED = 0
const TIMEOUT_MS = 10_000

/**
 * Puts a broker first among the copies of a partition, has the first one elected, and waits until that broker says so
 * itself: from then on the one before refuses what leaders are asked for.
 * @param addresses `host:port` of the brokers, in the order of their numbers
 */
export async function moveLeader(addresses: readonly string[], move: LeaderMove): Promise<void> {
  const { topic, partition, to } = move
  const link = await connected(addresses[to - 1])
  try {
    const replicaNodes = (await partitionsOf(link, topic))[partition]?.replicaNodes ?? []
    const replicas = [to, ...replicaNodes.filter((node) => node !== to)]
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }]
    await alterPartitionReassignmentsV0.api.async(link, TIMEOUT_MS, true, topics)
    const deadline = performance.now() + TIMEOUT_MS
    // The reassignment is done a moment after it is asked for, and until then somebody else may be the first one.
    while ((await partitionsOf(link, topic))[partition]?.leaderId !== to) {
      if (performance.now() > deadline) throw new Error(`Broker ${to} does not lead ${topic}/${partition}.`)
      await electLeader(link, move)
    }
  } finally {
    await link.close()
  }
}

/** The numbers of the brokers that lead the partitions of a topic, in order. */
export async function leadersOf(addresses: readonly string[], topic: string): Promise<number[]> {
  const link = await connected(addresses[0])
  try {
    return (await partitionsOf(link, topic)).map(({ leaderId }) => leaderId)
  } finally {
    await link.close()
  }
}

async function connected(address = ''): Promise<Connection> {
  const [host = '', port] = address.split(':')
  const link = new Connection('move-leader')
  await link.connect(host, Number(port))
  return link
}

async function partitionsOf(link: Connection, topic: string) {
  const { topics } = await metadataV12.api.async(link, [{ name: topic }], false, false)
  return (topics[0]?.partitions ?? []).toSorted((a, b) => a.partitionIndex - b.partitionIndex)
}

/** Kafka protocol guide, "ElectLeaders", version 2. Who asked looks himself at what came of it. */
function electLeader(link: Connection, { topic, partition }: LeaderMove): Promise<void> {
  const create = () =>
    Writer.create()
      .appendInt8(PREFERRED)
      .appendArray([topic], (w, name) => {
        w.appendString(name).appendArray([partition], (p, one) => p.appendInt32(one), true, false)
      })
      .appendInt32(TIMEOUT_MS)
      .appendTaggedFields()
  return new Promise((resolve, reject) => {
    link.send(
      ELECT_LEADERS,
      VERSION,
      create,
      () => null,
      true,
      true,
      (error) => {
        if (error === null) resolve()
        else reject(error)
      },
    )
  })
}
