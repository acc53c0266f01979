import { jsonSerde, stringSerde } from '../serde/serde.ts'
import type { Topic } from '../topology/topic.ts'

/** What a topic of a test may say of itself. */
export type JsonTopicOptions<V> = {
  /** 1 */
  readonly partitions?: number
  readonly keyOf?: (value: V) => string
  readonly cleanup?: 'delete' | 'compact'
}

/** A topic with string keys and JSON values, kept for ever: for tests and examples. */
export function jsonTopic<V>(name: string, options: JsonTopicOptions<V> = {}): Topic<V> {
  return {
    name,
    partitions: options.partitions ?? 1,
    cleanup: options.cleanup ?? 'delete',
    retentionMs: -1,
    key: stringSerde,
    value: jsonSerde<V>(),
    ...(options.keyOf === undefined ? {} : { keyOf: options.keyOf }),
  }
}
