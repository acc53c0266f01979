/** What an error of one produced batch means for whoever produced it. */
import type { StreamsError } from '../../errors.ts'
import { refused } from './answers.ts'
import { recordTooLarge } from './batches.ts'
import type { ProduceAnswer } from './produce-request.ts'

/**
 * - `written`: it is there.
 * - `again`: not written, and may be sent again unchanged once the leader is known.
 * - `perhaps`: may be sent again likewise, but the leader had taken it, and whether it stays is for the others to say:
 *   a repeat finds out.
 * - `abort`: the transaction does not have the partition, and no repeat changes that.
 * - `renew`: the broker does not know our producer as we do; a new producer id is needed.
 * - `fenced`: another holder of our transactional id has taken over.
 * - `refused`: no retry helps.
 */
export type ProduceVerdict = 'written' | 'again' | 'perhaps' | 'abort' | 'renew' | 'fenced' | 'refused'

const VERDICTS: Readonly<Record<string, ProduceVerdict>> = {
  NONE: 'written',
  // Also of a leader that lost its place, or the others, while it waited for them.
  NOT_LEADER_OR_FOLLOWER: 'perhaps',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'perhaps',
  REQUEST_TIMED_OUT: 'perhaps',
  KAFKA_STORAGE_ERROR: 'perhaps',
  NETWORK_EXCEPTION: 'perhaps',
  LEADER_NOT_AVAILABLE: 'again',
  FENCED_LEADER_EPOCH: 'again',
  UNKNOWN_LEADER_EPOCH: 'again',
  UNKNOWN_TOPIC_OR_PARTITION: 'again',
  NOT_ENOUGH_REPLICAS: 'again',
  REPLICA_NOT_AVAILABLE: 'again',
  CONCURRENT_TRANSACTIONS: 'again',
  COORDINATOR_NOT_AVAILABLE: 'again',
  COORDINATOR_LOAD_IN_PROGRESS: 'again',
  NOT_COORDINATOR: 'again',
  CORRUPT_MESSAGE: 'again',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'renew',
  DUPLICATE_SEQUENCE_NUMBER: 'renew',
  UNKNOWN_PRODUCER_ID: 'renew',
  INVALID_PRODUCER_ID_MAPPING: 'renew',
  INVALID_TXN_STATE: 'renew',
  TRANSACTION_ABORTABLE: 'abort',
  INVALID_PRODUCER_EPOCH: 'fenced',
  PRODUCER_FENCED: 'fenced',
}

/** The verdict on an answer; what is not known is refused rather than tried for ever. */
export function produceVerdict({ error }: ProduceAnswer): ProduceVerdict {
  return VERDICTS[error] ?? 'refused'
}

/** The error for an answer that is refused. */
export function produceRefusal({ topic, partition, error, detail }: ProduceAnswer): StreamsError {
  if (error === 'MESSAGE_TOO_LARGE' || error === 'RECORD_LIST_TOO_LARGE') {
    return recordTooLarge(`${topic}/${partition}`, 'is larger than the broker takes')
  }
  return refused(`records for ${topic}/${partition}`, error, detail)
}
