import { listOffsetsV7 } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { Position, TopicPartition } from '../log.ts'
import { answerOf, errorName, NoAnswer, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import type { Cluster } from './cluster.ts'

/** Kafka's words for places in a partition; any other number is a time in milliseconds. */
export const BEGINNING = -2
/** For a reader of committed records the last stable offset; else the high watermark. */
export const END = -1

/** Who reads: the numbers are Kafka's isolation levels. */
const ISOLATION = { uncommitted: 0, committed: 1 } as const
/** A marker follows its transaction's end within milliseconds; a crashed producer's after its timeout. */
const DECIDED_MS_FIRST = 1
const DECIDED_MS_MAX = 100
const RETRIED = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_LEADER_EPOCH',
  'FENCED_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/**
 * The offset of a place in each partition, in the order asked; -1 where a time is later than every record.
 * @throws StreamsError LOG_UNKNOWN_TOPIC, LOG_UNREACHABLE, LOG_REFUSED
 */
export async function listOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  place: number,
  reader: keyof typeof ISOLATION = 'committed',
): Promise<Position[]> {
  for (const one of partitions) cluster.assertKnown(one)
  const found = new Map<string, number>()
  const backoff = new Backoff({ firstMs: 20, maxMs: 1_000, totalMs: cluster.options.patienceMs })
  let trouble = ''
  do {
    const missing = partitions.filter((one) => !found.has(nameOf(one)))
    if (missing.length === 0)
      return partitions.map((one) => ({ ...pick(one), offset: found.get(nameOf(one)) as number }))
    const groups = await cluster.byLeader(missing)
    const troubles = await Promise.all(
      [...groups].map(([node, asked]) => askLeader(cluster, node, { asked, place, reader }, found)),
    )
    trouble = troubles.find((one) => one !== '') ?? ''
    if (trouble === '') continue
    await cluster.refresh().catch(() => undefined)
  } while (trouble === '' || (await backoff.wait()))
  throw new StreamsError(
    'LOG_UNREACHABLE',
    `The offsets of ${partitions.length} partitions could not be read: ${trouble}.`,
  )
}

/**
 * The end of each partition once every transaction that had written there is decided. The end of a commit is answered
 * before its markers are written, so the last stable offset alone can lie before what is committed already. Who leads
 * is asked anew: a leader of the past that was frozen may not know it yet, and its end would hide what came later.
 * @throws as `listOffsets`; StreamsError LOG_TRANSACTION_HANGS
 */
export async function decidedEnds(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<Position[]> {
  await cluster.patiently(() => cluster.refresh())
  const written = await listOffsets(cluster, partitions, END, 'uncommitted')
  const { patienceMs } = cluster.options
  const backoff = new Backoff({ firstMs: DECIDED_MS_FIRST, maxMs: DECIDED_MS_MAX, totalMs: patienceMs })
  for (;;) {
    const stable = await listOffsets(cluster, partitions, END)
    const behind = stable.find(({ offset }, index) => offset < (written[index]?.offset ?? 0))
    if (behind === undefined) return stable
    if (!(await backoff.wait())) throw hangs(behind, patienceMs)
  }
}

type Question = {
  readonly asked: readonly TopicPartition[]
  readonly place: number
  readonly reader: keyof typeof ISOLATION
}

/** Fills in what one broker knows; answers with why something is missing, or with ''. */
async function askLeader(
  cluster: Cluster,
  node: number,
  { asked, place, reader }: Question,
  found: Map<string, number>,
): Promise<string> {
  let trouble = ''
  try {
    const connection = await cluster.broker(node)
    const request = requestOf(cluster, asked, place)
    const { topics } = await answerOf(listOffsetsV7.api.async(connection, -1, ISOLATION[reader], request))
    for (const { name: topic, partitions } of topics) {
      for (const { partitionIndex: partition, errorCode, offset } of partitions) {
        const error = errorName(errorCode)
        if (error === 'NONE') found.set(nameOf({ topic, partition }), Number(offset))
        else if (RETRIED.has(error)) trouble = `${topic}/${partition} ${error}`
        else throw refused(`to give the offsets of ${topic}/${partition}`, error)
      }
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    trouble = error.message
  }
  return trouble
}

function requestOf(cluster: Cluster, asked: readonly TopicPartition[], place: number) {
  const topics = new Map<string, { partitionIndex: number; currentLeaderEpoch: number; timestamp: bigint }[]>()
  for (const { topic, partition } of asked) {
    const currentLeaderEpoch = cluster.epochOf({ topic, partition })
    const list = topics.get(topic) ?? []
    list.push({ partitionIndex: partition, currentLeaderEpoch, timestamp: BigInt(place) })
    topics.set(topic, list)
  }
  return [...topics].map(([name, partitions]) => ({ name, partitions }))
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

function pick({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition }
}

function hangs({ topic, partition, offset }: Position, patienceMs: number): StreamsError {
  return new StreamsError(
    'LOG_TRANSACTION_HANGS',
    `A transaction on ${topic}/${partition} has been pending at offset ${offset} for ${patienceMs / 1000} s, and ` +
      'nobody can read past it. Find its producer, or abort it: kafka-transactions.sh find-hanging, then abort.',
  )
}
