import { StreamsError } from '../../errors.ts'
import type { FetchRequest, Log, ProducerRecord, Transaction, TransactionalProducer } from '../log.ts'

/**
 * What can befall a commit:
 * - `aborted`: it fails before it happened (LOG_ABORTED);
 * - `unknown-committed`, `unknown-aborted`: its answer is lost (LOG_OUTCOME_UNKNOWN), and it did or did not happen;
 * - `fenced`: another owner has taken over; the producer is of no use from then on (LOG_FENCED);
 * - `storage-full`: there is no space (LOG_STORAGE_FULL);
 * - a delay: it happens so many milliseconds later.
 */
export type CommitFault =
  | 'aborted'
  | 'unknown-committed'
  | 'unknown-aborted'
  | 'fenced'
  | 'storage-full'
  | { readonly delayMs: number }

/** Decides, for each call, what befalls it; undefined lets it pass. All of it is optional. */
export type LogFaults = {
  commit?: ((transaction: Transaction, transactionalId: string) => CommitFault | undefined) | undefined
  append?: ((records: readonly ProducerRecord[]) => Error | undefined) | undefined
  fetch?: ((request: FetchRequest) => Error | undefined) | undefined
}

/** Faults that befall the next commits, one each, in the order given; then all goes well. */
export function nextCommits(...faults: readonly (CommitFault | undefined)[]): NonNullable<LogFaults['commit']> {
  const left = [...faults]
  return () => left.shift()
}

/** A log on which `faults` befall. The faults are looked up at each call, so a test can change them on the way. */
export function withFaults<L extends Log>(log: L, faults: LogFaults): L {
  const overrides: Partial<Log> = {
    append: async (records) => {
      const error = faults.append?.(records)
      if (error !== undefined) throw error
      return await log.append(records)
    },
    fetch: async (request) => {
      const error = faults.fetch?.(request)
      if (error !== undefined) throw error
      return await log.fetch(request)
    },
    fetchEntries: async (request) => {
      const error = faults.fetch?.(request)
      if (error !== undefined) throw error
      return await log.fetchEntries(request)
    },
    producer: async (transactionalId) => {
      return faultyProducer(await log.producer(transactionalId), transactionalId, faults)
    },
  }
  return new Proxy(log, {
    get: (target, name) => {
      const override = Reflect.get(overrides, name)
      if (override !== undefined) return override
      const own = Reflect.get(target, name)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}

function faultyProducer(producer: TransactionalProducer, id: string, faults: LogFaults): TransactionalProducer {
  let fenced = false
  return {
    commit: async (transaction) => {
      const fault = fenced ? 'fenced' : faults.commit?.(transaction, id)
      if (fault === undefined) return await producer.commit(transaction)
      if (typeof fault === 'object') {
        await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
        return await producer.commit(transaction)
      }
      fenced = fault === 'fenced'
      if (fault === 'unknown-committed') await producer.commit(transaction)
      throw injected(fault)
    },
    close: () => producer.close(),
  }
}

const CODES = {
  aborted: 'LOG_ABORTED',
  'unknown-committed': 'LOG_OUTCOME_UNKNOWN',
  'unknown-aborted': 'LOG_OUTCOME_UNKNOWN',
  fenced: 'LOG_FENCED',
  'storage-full': 'LOG_STORAGE_FULL',
} as const

function injected(fault: keyof typeof CODES): StreamsError {
  return new StreamsError(CODES[fault], `A fault was injected: ${fault}.`)
}
