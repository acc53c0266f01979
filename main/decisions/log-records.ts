import type { Log, LogRecord, TopicPartition } from '#streams'

const FETCH_BYTES = 4 * 1024 * 1024

/** The records of a partition from its beginning to where it ends when the first is asked for. */
export async function* logRecords(log: Log, partition: TopicPartition): AsyncGenerator<LogRecord, undefined> {
  const [begin] = await log.beginningOffsets([partition])
  const [end] = await log.endOffsets([partition])
  if (begin === undefined || end === undefined) return
  for (let position = begin; position.offset < end.offset; ) {
    const [fetched] = await log.fetch({ positions: [position], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    if (fetched === undefined || fetched.nextOffset === position.offset) return
    yield* fetched.records.filter(({ offset }) => offset < end.offset)
    position = { ...position, offset: fetched.nextOffset }
  }
}
