/** One Fetch request (version 12: topics by name) and its answer, whose records stay bytes until they are read. */
import { fetchV12, type Reader } from '@platformatic/kafka'
import type { Position } from '../log.ts'
import { errorName, NoAnswer } from './answers.ts'
import type { Allocate, FetchLink } from './fetch-link.ts'
import type { AbortedTransaction } from './visible-batches.ts'

/** What a broker said of one partition. */
export type FetchAnswer = {
  readonly topic: string
  readonly partition: number
  /** Kafka's name of the error; `NONE`. */
  readonly error: string
  /** The first offset a reader of committed records cannot see yet. */
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly aborted: readonly AbortedTransaction[]
  readonly batches: Buffer
}

/** What is asked of one broker. */
export type FetchQuestion = {
  /** In the order in which the broker shall fill the answer; with the epoch of the leader that it is taken for. */
  readonly positions: readonly (Position & { readonly leaderEpoch: number })[]
  readonly maxBytes: number
  /** How long the broker may wait for a first record. */
  readonly waitMs: number
}

const FETCH = 1
const VERSION = 12
const READ_COMMITTED = 1
const EMPTY = Buffer.alloc(0)

/** What a broker said, and the bytes it is read from: the batches are views of them. */
export type FetchAnswers = { readonly bytes: Buffer; readonly answers: readonly FetchAnswer[] }

/** @throws NoAnswer */
export async function askForRecords(
  link: FetchLink,
  question: FetchQuestion,
  allocate: Allocate,
): Promise<FetchAnswers> {
  const { waitMs, maxBytes } = question
  const payload = fetchV12.createRequest(waitMs, 1, maxBytes, READ_COMMITTED, 0, -1, topicsOf(question), [], '')
  const asked = { apiKey: FETCH, apiVersion: VERSION, payload, isTagged: [true, true] as const }
  const reader = await link.ask(asked, allocate)
  try {
    return readAnswers(reader)
  } catch (error) {
    throw new NoAnswer(error)
  }
}

type Topics = Parameters<typeof fetchV12.createRequest>[6]

/** Partitions of a topic stand together; apart from that the order is kept. Later versions have ids for the names. */
function topicsOf({ positions, maxBytes }: FetchQuestion): Topics {
  const topics = new Map<string, Topics[number]['partitions']>()
  for (const { topic, partition, offset, leaderEpoch } of positions) {
    const partitions = topics.get(topic) ?? []
    partitions.push({
      partition,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    })
    topics.set(topic, partitions)
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }))
}

function readAnswers(reader: Reader): FetchAnswers {
  reader.readInt32()
  const error = reader.readInt16()
  if (error !== 0) throw new Error(errorName(error))
  reader.readInt32()
  const answers: FetchAnswer[] = []
  // It is read in one piece, so this is no copy.
  const bytes = reader.buffer.slice()
  reader.readArray((r) => {
    const topic = r.readString()
    r.readArray((p) => {
      answers.push(readPartition(topic, p, bytes))
      return null
    })
    return null
  })
  return { bytes, answers }
}

function readPartition(topic: string, reader: Reader, bytes: Buffer): FetchAnswer {
  const partition = reader.readInt32()
  const error = errorName(reader.readInt16())
  reader.readInt64()
  const lastStableOffset = Number(reader.readInt64())
  const logStartOffset = Number(reader.readInt64())
  const aborted = reader.readNullableArray((r) => ({ producerId: r.readInt64(), firstOffset: r.readInt64() })) ?? []
  reader.readInt32()
  const size = reader.readUnsignedVarInt() - 1
  const batches = size > 0 ? bytes.subarray(reader.position, reader.position + size) : EMPTY
  if (size > 0) reader.skip(size)
  return { topic, partition, error, lastStableOffset, logStartOffset, aborted, batches }
}
