import type { BooksStatus, InvariantStatus } from '#api/operations.ts'
import type { Database } from '#sinks/postgres/database.ts'
import { unbalancedEntries } from '#sinks/postgres/read/books.ts'
import { reconciliationSums } from '#sinks/postgres/read/reconciliation.ts'
import { Sums } from '../reconciliation/sums.ts'
import { type CheckedInvariant, checkInvariants } from './invariants.ts'

/** Milliseconds from the end of one check to the next. */
const PAUSE_MS = 5_000

/**
 * Checks the invariants of the books again and again over the read model. The sink applies topics one after the other:
 * while money moves a difference can be what is on its way, and it is gone when the sink has caught up. One that stays
 * is a defect; so each says since when it differs.
 */
export class BooksMonitor {
  readonly #database: Database
  readonly #nowMs: () => number
  readonly #differsSince = new Map<string, number>()
  #last: BooksStatus = { checkedAt: null, failure: null, unbalancedEntries: 0, invariants: [] }
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #checking: Promise<BooksStatus> | null = null

  constructor(database: Database, nowMs: () => number = Date.now) {
    this.#database = database
    this.#nowMs = nowMs
  }

  /** Begins to check; `close` ends that. */
  start(): void {
    this.#timer = setTimeout(() => {
      // What it rejects with stands in the status.
      void this.check().finally(() => (this.#closed ? undefined : this.start()))
    }, PAUSE_MS)
    this.#timer.unref()
  }

  /** As of the last check. */
  status(): BooksStatus {
    return this.#last
  }

  /** Checks now; who asks while a check runs gets that one. */
  check(): Promise<BooksStatus> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null
    })
    return this.#checking
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#checking
  }

  async #check(): Promise<BooksStatus> {
    const checkedAt = new Date(this.#nowMs()).toISOString()
    try {
      const rows = await reconciliationSums(this.#database)
      const unbalanced = await unbalancedEntries(this.#database)
      const sums = new Sums()
      for (const { measure, currency, sumMinor } of rows) sums.add(measure, currency, Number(sumMinor))
      const invariants = checkInvariants(sums).map((one) => this.#withSince(one))
      this.#last = { checkedAt, failure: null, unbalancedEntries: unbalanced, invariants }
    } catch (error) {
      this.#last = { ...this.#last, failure: error instanceof Error ? error.message : String(error) }
    }
    return this.#last
  }

  #withSince(checked: CheckedInvariant): InvariantStatus {
    const key = `${checked.name} ${checked.currency}`
    if (checked.differenceMinor === 0) this.#differsSince.delete(key)
    else if (!this.#differsSince.has(key)) this.#differsSince.set(key, this.#nowMs())
    const since = this.#differsSince.get(key)
    return { ...checked, differsSince: since === undefined ? null : new Date(since).toISOString() }
  }
}
