/** One Produce request and its answer. The batches are bytes already: encoded once, and a retry sends the same. */
import { type Connection, type Reader, Writer } from '@platformatic/kafka'
import { errorName, NoAnswer } from './answers.ts'
import { byTopic } from './by-topic.ts'

/** One batch for one partition; a request holds one a partition at most. */
export type PartitionBatch = { readonly topic: string; readonly partition: number; readonly batch: Buffer }

/** What became of a batch. */
export type ProduceAnswer = {
  readonly topic: string
  readonly partition: number
  /** Kafka's name of the error; `NONE`. */
  readonly error: string
  readonly detail: string | null
  /** The offset of the batch's first record; -1 where it was not written. */
  readonly baseOffset: number
}

const PRODUCE = 0
const ALL_REPLICAS = -1
/** Version 12 is 11 with the word that a transaction adds its partitions by itself (KIP-890). */
export const PRODUCE_VERSION = { classic: 11, epochPerTransaction: 12 } as const

/** @throws NoAnswer */
export function sendBatches(
  connection: Connection,
  version: number,
  transactionalId: string | null,
  batches: readonly PartitionBatch[],
  timeoutMs: number,
): Promise<readonly ProduceAnswer[]> {
  const create = () => {
    const writer = Writer.create().appendString(transactionalId).appendInt16(ALL_REPLICAS).appendInt32(timeoutMs)
    writer.appendArray(byTopic(batches), (w, [topic, parts]) => {
      w.appendString(topic).appendArray([...parts], (p, { partition, batch }) => {
        p.appendInt32(partition)
          .appendUnsignedVarInt(batch.length + 1)
          .append(batch)
      })
    })
    return writer.appendTaggedFields()
  }
  return new Promise((resolve, reject) => {
    connection.send(PRODUCE, version, create, readAnswer, true, true, (error, answers) => {
      if (error !== null) reject(new NoAnswer(error))
      else resolve(answers as ProduceAnswer[])
    })
  })
}

function readAnswer(_correlationId: number, _apiKey: number, _version: number, reader: Reader): ProduceAnswer[] {
  const answers: ProduceAnswer[] = []
  reader.readArray((r) => {
    const topic = r.readString()
    r.readArray((p) => {
      const partition = p.readInt32()
      const error = errorName(p.readInt16())
      const baseOffset = Number(p.readInt64())
      p.readInt64()
      p.readInt64()
      const reasons = p.readArray((e) => {
        e.readInt32()
        return e.readNullableString()
      })
      const message = p.readNullableString()
      answers.push({ topic, partition, error, baseOffset, detail: reasons.find((one) => one !== null) ?? message })
      return null
    })
    return null
  })
  return answers
}
