/**
 * What each error of a transaction means, in one table. The runtime's safety rests on it: an outcome that is not
 * certain is never guessed. Sources: Kafka's protocol errors; KIP-98, KIP-360 and KIP-588 (producers), KIP-447 (fencing
 * by group generation), KIP-890 (transactions with an epoch each).
 */

/**
 * - `again`: the same request may be sent again after a moment: nothing was done, or what is done twice is done once.
 * - `find`: the same, but the coordinator has moved, perhaps after it had written down what we asked; its successor
 *   reads that, and takes the repeat for what it is.
 * - `abort`: the transaction cannot go on as it is, and may be tried again as a whole.
 * - `renew`: our producer is not what the coordinator thinks it is; what became of the transaction is found out by
 *   initialising the id again, which ends whatever is open, and reading the committed positions.
 * - `fenced`: somebody else has our transactional id now, or our transaction was timed out: give the tasks up.
 * - `zombie`: our group has moved on without us: abort, and give the tasks up. The producer itself is still good.
 * - `refused`: no retry makes it better.
 */
export type TransactionVerdict = 'again' | 'find' | 'abort' | 'renew' | 'fenced' | 'zombie' | 'refused'

const RULES: Readonly<Record<string, TransactionVerdict>> = {
  // The last transaction's markers are still being written, or another request of ours is being worked on.
  CONCURRENT_TRANSACTIONS: 'again',
  COORDINATOR_LOAD_IN_PROGRESS: 'again',
  REQUEST_TIMED_OUT: 'again',
  COORDINATOR_NOT_AVAILABLE: 'find',
  NOT_COORDINATOR: 'find',
  // A topic that is new to this broker; a broker that leads no longer.
  UNKNOWN_TOPIC_OR_PARTITION: 'abort',
  NOT_LEADER_OR_FOLLOWER: 'abort',
  OPERATION_NOT_ATTEMPTED: 'abort',
  TRANSACTION_ABORTABLE: 'abort',
  REBALANCE_IN_PROGRESS: 'abort',
  OFFSET_METADATA_TOO_LARGE: 'refused',
  // The coordinator has forgotten the id, or has it in another state than we think.
  INVALID_PRODUCER_ID_MAPPING: 'renew',
  INVALID_TXN_STATE: 'renew',
  UNKNOWN_PRODUCER_ID: 'renew',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'renew',
  TRANSACTION_COORDINATOR_FENCED: 'renew',
  // A newer epoch of the id is known: a newer instance, or the coordinator that timed our transaction out.
  INVALID_PRODUCER_EPOCH: 'fenced',
  PRODUCER_FENCED: 'fenced',
  // KIP-447: the offsets were refused because of who we are in the group.
  ILLEGAL_GENERATION: 'zombie',
  UNKNOWN_MEMBER_ID: 'zombie',
  FENCED_INSTANCE_ID: 'zombie',
}

/** The rule for an error by its name; what is not known is refused rather than tried for ever. */
export function transactionVerdict(error: string): TransactionVerdict {
  return RULES[error] ?? 'refused'
}
