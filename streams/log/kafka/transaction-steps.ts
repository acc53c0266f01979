/** The requests of a transaction, each asked once: the error's name is the answer, `NONE` where it went well. */
import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  type Connection,
  endTxnV3,
  initProducerIdV4,
  type Reader,
  txnOffsetCommitV3,
  txnOffsetCommitV4,
} from '@platformatic/kafka'
import type { GroupEpoch, Position, TopicPartition } from '../log.ts'
import { answerOf, errorName, NoAnswer } from './answers.ts'
import { byTopic } from './by-topic.ts'

/** Which producer of a transactional id speaks. */
export type ProducerIdentity = { readonly id: string; readonly producerId: bigint; readonly producerEpoch: number }

const END_TXN = 26
const TXN_OFFSET_COMMIT = 28
/** The newest versions mean KIP-890: the partitions of a transaction add themselves, and its end brings a new epoch. */
const KIP_890 = 5

/** An id nobody holds yet, for `initialise`. */
export function newcomer(id: string): ProducerIdentity {
  return { id, producerId: -1n, producerEpoch: -1 }
}

/**
 * Begins a new epoch of an id, and ends what is open under it. A newcomer takes the id over: whoever held it is fenced.
 * A holder goes on under the next epoch, and is refused where somebody has taken the id from it (KIP-360).
 */
export async function initialise(
  connection: Connection,
  holder: ProducerIdentity,
  timeoutMs: number,
): Promise<{ readonly error: string; readonly identity: ProducerIdentity }> {
  const { id } = holder
  const { errorCode, producerId, producerEpoch } = await answerOf(
    initProducerIdV4.api.async(connection, id, timeoutMs, holder.producerId, holder.producerEpoch),
  )
  return { error: errorName(errorCode), identity: { id, producerId, producerEpoch } }
}

/** Tells the coordinator which partitions the transaction writes to. */
export async function addPartitions(
  connection: Connection,
  { id, producerId, producerEpoch }: ProducerIdentity,
  partitions: readonly TopicPartition[],
): Promise<string> {
  const topics = byTopic(partitions).map(([name, list]) => ({
    name,
    partitions: list.map((one) => one.partition),
  }))
  const transaction = { transactionalId: id, producerId, producerEpoch, verifyOnly: false, topics }
  const { resultsByTransaction } = await answerOf(addPartitionsToTxnV3.api.async(connection, [transaction]))
  const codes = resultsByTransaction.flatMap(({ topicResults }) =>
    topicResults.flatMap(({ resultsByPartition }) => resultsByPartition.map((one) => one.partitionErrorCode)),
  )
  return worst(codes)
}

/** Tells the coordinator that the transaction moves positions of a group. */
export async function addOffsets(
  connection: Connection,
  { id, producerId, producerEpoch }: ProducerIdentity,
  group: string,
): Promise<string> {
  const { errorCode } = await answerOf(addOffsetsToTxnV3.api.async(connection, id, producerId, producerEpoch, group))
  return errorName(errorCode)
}

/** The consumed positions, with who we are in the group: the coordinator refuses a member of the past (KIP-447). */
export async function commitOffsets(
  connection: Connection,
  { id, producerId, producerEpoch }: ProducerIdentity,
  { group, memberId, generation }: GroupEpoch,
  positions: readonly Position[],
  epochPerTransaction: boolean,
): Promise<string> {
  const topics = byTopic(positions).map(([name, list]) => ({
    name,
    partitions: list.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: null,
    })),
  }))
  const args = [id, group, producerId, producerEpoch, generation, memberId, null, topics] as const
  if (!epochPerTransaction) {
    const answer = await answerOf(txnOffsetCommitV3.api.async(connection, ...args))
    return worst(answer.topics.flatMap(({ partitions }) => partitions.map((one) => one.errorCode)))
  }
  const answer = await answerOf(
    new Promise<Awaited<ReturnType<typeof txnOffsetCommitV4.api.async>>>((resolve, reject) => {
      const create = () => txnOffsetCommitV4.createRequest(...args)
      connection.send(
        TXN_OFFSET_COMMIT,
        KIP_890,
        create,
        txnOffsetCommitV4.parseResponse,
        true,
        true,
        settle(resolve, reject),
      )
    }),
  )
  return worst(answer.topics.flatMap(({ partitions }) => partitions.map((one) => one.errorCode)))
}

/** Commits or aborts. With KIP-890 the answer brings the identity of the next transaction. */
export async function endTransaction(
  connection: Connection,
  identity: ProducerIdentity,
  commit: boolean,
  epochPerTransaction: boolean,
): Promise<{ readonly error: string; readonly next: ProducerIdentity }> {
  const { id, producerId, producerEpoch } = identity
  if (!epochPerTransaction) {
    const { errorCode } = await answerOf(endTxnV3.api.async(connection, id, producerId, producerEpoch, commit))
    return { error: errorName(errorCode), next: identity }
  }
  const answer = await new Promise<EndAnswer>((resolve, reject) => {
    const create = () => endTxnV3.createRequest(id, producerId, producerEpoch, commit)
    connection.send(END_TXN, KIP_890, create, readEnd, true, true, (error, found) => {
      if (error !== null) reject(new NoAnswer(error))
      else resolve(found as EndAnswer)
    })
  })
  const isNew = answer.error === 'NONE' && answer.producerId >= 0n
  const next = isNew ? { id, producerId: answer.producerId, producerEpoch: answer.producerEpoch } : identity
  return { error: answer.error, next }
}

type EndAnswer = { readonly error: string; readonly producerId: bigint; readonly producerEpoch: number }

function readEnd(_correlationId: number, _apiKey: number, _version: number, reader: Reader): EndAnswer {
  reader.readInt32()
  const error = errorName(reader.readInt16())
  return { error, producerId: reader.readInt64(), producerEpoch: reader.readInt16() }
}

function settle<T>(resolve: (value: T) => void, reject: (error: unknown) => void) {
  return (error: Error | null, value?: T) => (error === null ? resolve(value as T) : reject(error))
}

/** The first code that is an error, by its name: one partition's trouble is the whole transaction's. */
function worst(codes: readonly number[]): string {
  const names = codes.map(errorName)
  return (
    names.find((name) => name !== 'NONE' && name !== 'OPERATION_NOT_ATTEMPTED') ??
    names.find((name) => name !== 'NONE') ??
    'NONE'
  )
}
