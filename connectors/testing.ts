/** Reading and writing topics in tests of connectors. */
import { type Log, type LogRecord, partitionFor, type Topic } from '#streams'

const PAUSE_MS = 5
const LOOKS_MAX = 1_000

/** Writes values under their keys, in one step. */
export async function writeTo<V>(log: Log, topic: Topic<V>, ...values: readonly V[]): Promise<void> {
  const records = values.map((value) => {
    const key = topic.key.serialize(topic.keyOf?.(value) ?? '')
    const partition = partitionFor(key, topic.partitions)
    return { topic: topic.name, partition, timestampMs: Date.now(), key, value: topic.value.serialize(value) }
  })
  await log.append(records)
}

/** All records of a topic now, partition by partition. */
export async function recordsOf(log: Log, topic: string): Promise<LogRecord[]> {
  const partitions = Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
  const positions = await log.beginningOffsets(partitions)
  const fetched = await log.fetch({ positions, maxBytes: Number.MAX_SAFE_INTEGER, maxWaitMs: 0 })
  return fetched.flatMap(({ records }) => records)
}

/** The values of a topic, as soon as there are so many (or, after five seconds, those there are). */
export async function readFrom<V>(log: Log, topic: Topic<V>, count: number): Promise<V[]> {
  const records = await eventually(
    () => recordsOf(log, topic.name),
    (found) => found.length >= count,
  )
  return records.map(({ value }) => topic.value.deserialize(value as Buffer))
}

/** Looks until what is seen is as wanted, for five seconds at most; answers with what was last seen. */
export async function eventually<T>(look: () => T | Promise<T>, isWanted: (seen: T) => boolean): Promise<T> {
  for (let looks = 1; ; looks++) {
    const seen = await look()
    if (isWanted(seen) || looks === LOOKS_MAX) return seen
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
