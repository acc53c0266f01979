import { StreamsError } from '../errors.ts'
import type { TopicSpec } from './log.ts'

/**
 * Holds a topic to what Kafka takes too, so that none has to be renamed on the way there.
 * @throws StreamsError LOG_TOPIC_INVALID
 */
export function checkTopicSpec({ name, partitions, retentionMs }: TopicSpec): void {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..') {
    throw invalid(name, 'its name may have letters, digits, ".", "_" and "-", 249 of them at most')
  }
  if (!Number.isSafeInteger(partitions) || partitions < 1 || partitions > 10_000) {
    throw invalid(name, `it needs between 1 and 10000 partitions, not ${partitions}`)
  }
  if (!Number.isSafeInteger(retentionMs) || retentionMs < -1) {
    throw invalid(name, `its retentionMs is ${retentionMs}; give whole milliseconds, or -1 to keep records for ever`)
  }
}

function invalid(name: string, why: string): StreamsError {
  return new StreamsError('LOG_TOPIC_INVALID', `Topic ${JSON.stringify(name)} cannot be made: ${why}.`)
}
