/** Why a transaction did not commit: inside the producer, and to whoever asked for it. */
import { StreamsError } from '../../errors.ts'
import type { TransactionVerdict } from './transaction-rules.ts'

/** Why a transaction did not commit, as one of the rules, with the error that stands for it. */
export class Stopped extends Error {
  readonly verdict: TransactionVerdict
  readonly error: StreamsError | undefined

  constructor(verdict: TransactionVerdict, why: string, error?: StreamsError) {
    super(why)
    this.verdict = verdict
    this.error = error
  }
}

/** Somebody else has the id. */
export function fenced(id: string, why: string): StreamsError {
  return new StreamsError(
    'LOG_FENCED',
    `The transaction of ${id} is refused (${why}). Another owner has taken over: drop what is uncommitted.`,
  )
}

/** Only the committed positions can tell. */
export function unknown(id: string, why: string): StreamsError {
  return new StreamsError(
    'LOG_OUTCOME_UNKNOWN',
    `What became of the transaction of ${id} is not known (${why}). Open a producer with the same id, which ends it, ` +
      'and go on from the committed positions.',
  )
}
