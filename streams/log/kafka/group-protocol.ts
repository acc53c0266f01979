/**
 * What members of a group write to each other through the coordinator: Kafka's own "consumer" embedding (subscription
 * version 2, assignment version 0), so that any tool that lists groups can read who has what.
 */
import { Reader, Writer } from '@platformatic/kafka'
import type { TopicPartition } from '../log.ts'

/** What a member says of itself when it joins. */
export type Subscription = {
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  /** The generation in which it got what it owns; -1 where it owns nothing. */
  readonly generation: number
  /** Counts its joins: the coordinator takes a join that says what the last one said for a repeat, and does nothing. */
  readonly joins: number
  readonly userData: Buffer | null
}

/** What the leader gives a member. */
export type Assignment = {
  readonly partitions: readonly TopicPartition[]
  /** The generation it was made in: Kafka does not tell it to those who only look at a group. */
  readonly generation: number
  /** How many more partitions the member shall have once their owners have handed them over. */
  readonly withheld: number
  readonly userData: Buffer | null
}

const SUBSCRIPTION_VERSION = 2
const ASSIGNMENT_VERSION = 0
/** First byte of our own user data: their version. The assignor's follow behind them. */
const OURS = 1
/** Version, joins, whether the assignor's follow. */
const SAID_BYTES = 6
/** Version, generation, withheld, whether the assignor's follow. */
const OURS_BYTES = 10

/** What a member sends with JoinGroup. */
export function encodeSubscription({ topics, owned, generation, joins, userData }: Subscription): Buffer {
  const ours = Buffer.alloc(SAID_BYTES + (userData?.length ?? 0))
  ours[0] = OURS
  ours.writeInt32BE(joins, 1)
  ours[5] = userData === null ? 0 : 1
  userData?.copy(ours, SAID_BYTES)
  const writer = Writer.create()
    .appendInt16(SUBSCRIPTION_VERSION)
    .appendArray([...topics], (w, topic) => w.appendString(topic, false), false, false)
    .appendBytes(ours, false)
  return appendPartitions(writer, owned).appendInt32(generation).buffer
}

/** Also what others of the same protocol say: versions 0 and 1 lack what they lack. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = Reader.from(bytes)
  const version = reader.readInt16()
  const topics = reader.readArray((r) => r.readString(false), false, false)
  const ours = reader.readNullableBytes(false)
  const owned = version >= 1 ? readPartitions(reader) : []
  const generation = version >= 2 ? reader.readInt32() : -1
  if (ours === null || ours[0] !== OURS || ours.length < SAID_BYTES) {
    return { topics, owned, generation, joins: 0, userData: null }
  }
  const userData = ours[5] === 1 ? Buffer.from(ours.subarray(SAID_BYTES)) : null
  return { topics, owned, generation, joins: ours.readInt32BE(1), userData }
}

/** What the leader sends with SyncGroup for a member. */
export function encodeAssignment({ partitions, generation, withheld, userData }: Assignment): Buffer {
  const ours = Buffer.alloc(OURS_BYTES + (userData?.length ?? 0))
  ours[0] = OURS
  ours.writeInt32BE(generation, 1)
  ours.writeInt32BE(withheld, 5)
  ours[9] = userData === null ? 0 : 1
  userData?.copy(ours, OURS_BYTES)
  const writer = Writer.create().appendInt16(ASSIGNMENT_VERSION)
  return appendPartitions(writer, partitions).appendBytes(ours, false).buffer
}

/** An assignment; one of nothing where the member was given none. */
export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length === 0) return { partitions: [], generation: -1, withheld: 0, userData: null }
  const reader = Reader.from(bytes)
  reader.readInt16()
  const partitions = readPartitions(reader)
  const ours = reader.readNullableBytes(false)
  if (ours === null || ours[0] !== OURS || ours.length < OURS_BYTES) {
    return { partitions, generation: -1, withheld: 0, userData: null }
  }
  const userData = ours[9] === 1 ? Buffer.from(ours.subarray(OURS_BYTES)) : null
  return { partitions, generation: ours.readInt32BE(1), withheld: ours.readInt32BE(5), userData }
}

function appendPartitions(writer: Writer, partitions: readonly TopicPartition[]): Writer {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  return writer.appendArray(
    [...topics],
    (w, [topic, numbers]) => {
      w.appendString(topic, false).appendArray(numbers, (v, number) => v.appendInt32(number), false, false)
    },
    false,
    false,
  )
}

function readPartitions(reader: Reader): TopicPartition[] {
  return reader
    .readArray(
      (r) => {
        const topic = r.readString(false)
        return r.readArray((p) => p.readInt32(), false, false).map((partition) => ({ topic, partition }))
      },
      false,
      false,
    )
    .flat()
}
