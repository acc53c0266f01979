import { StreamsError } from '../../errors.ts'
import type { CommitReceipt, Transaction, TransactionalProducer } from '../log.ts'

/** Which holder of each transactional id is the present one. */
export class Producers {
  private readonly epochs = new Map<string, number>()

  /** A producer that fences the earlier holders of its id; `commit` is called for the present holder only. */
  open(transactionalId: string, commit: (transaction: Transaction) => Promise<CommitReceipt>): TransactionalProducer {
    const epoch = (this.epochs.get(transactionalId) ?? 0) + 1
    this.epochs.set(transactionalId, epoch)
    let state: 'idle' | 'committing' | 'closed' = 'idle'
    return {
      commit: async (transaction) => {
        if (this.epochs.get(transactionalId) !== epoch) throw fenced(transactionalId)
        if (state !== 'idle') throw refused(transactionalId, state)
        state = 'committing'
        try {
          return await commit(transaction)
        } finally {
          if (state === 'committing') state = 'idle'
        }
      },
      close: async () => {
        state = 'closed'
      },
    }
  }
}

function fenced(id: string): StreamsError {
  const message = `A newer producer has the transactional id ${id}. Drop what is uncommitted and close this one.`
  return new StreamsError('LOG_FENCED', message)
}

function refused(id: string, state: 'committing' | 'closed'): StreamsError {
  if (state === 'closed') return new StreamsError('LOG_CLOSED', `The producer ${id} is closed. Open a new one.`)
  const message = `The producer ${id} has a transaction on its way. Await its commit before the next.`
  return new StreamsError('LOG_PRODUCER_BUSY', message)
}
