import { decodeWhenReady, isStreamsError, type Log, type LogRecord, type Topic } from '#streams'

const FETCH_BYTES = 8_388_608

/**
 * Reads a topic from its first record to its present end, and gives every decoded value in the partitions' order.
 * `pass`: hears of each record that holds no value that can be decoded.
 */
export async function readTopic<V>(
  log: Log,
  topic: Topic<V>,
  take: (value: V, record: LogRecord) => void,
  pass: (record: LogRecord) => void = () => undefined,
): Promise<void> {
  const partitions = Array.from({ length: log.partitionCount(topic.name) }, (_, partition) => ({
    topic: topic.name,
    partition,
  }))
  const ends = new Map((await log.endOffsets(partitions)).map(({ partition, offset }) => [partition, offset]))
  for (const begin of await log.beginningOffsets(partitions)) {
    const end = ends.get(begin.partition) ?? 0
    let position = begin
    while (position.offset < end) {
      const [fetched] = await log.fetch({ positions: [position], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
      if (fetched === undefined || fetched.nextOffset === position.offset) break
      for (const record of fetched.records) {
        if (record.offset >= end) continue
        const decoded = await decode(topic, record)
        if (decoded === null) pass(record)
        else take(decoded.value, record)
      }
      position = { ...position, offset: fetched.nextOffset }
    }
  }
}

async function decode<V>(topic: Topic<V>, { value }: LogRecord): Promise<{ readonly value: V } | null> {
  try {
    return value === null ? null : { value: await decodeWhenReady(topic.value, value) }
  } catch (error) {
    // That the registry is away says nothing about the record.
    if (!isStreamsError(error) || error.code === 'SCHEMA_REGISTRY_UNAVAILABLE') throw error
    return null
  }
}
