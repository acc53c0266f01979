import { StreamsError } from '../errors.ts'

/**
 * Refuses a record without a key where state is kept by key.
 * @throws StreamsError STREAMS_NULL_KEY
 */
export function assertKey(key: string, node: string): void {
  if (key === null || key === undefined) {
    throw new StreamsError(
      'STREAMS_NULL_KEY',
      `A record without a key reached ${JSON.stringify(node)}, which keeps state by key. ` +
        'Filter such records out before, or give them a key with selectKey and repartition.',
    )
  }
}
