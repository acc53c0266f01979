import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** What a customer needs to go on after a restart. */
export type DemoCustomer = { readonly customer: string; readonly token: string; readonly paymentMethodId: string }

/** What the API refused on one day: such purchases leave no event, so the driver itself has to remember them. */
export type DemoDay = { readonly day: string; readonly refused: number }

type Line = ({ readonly kind: 'customer' } & DemoCustomer) | ({ readonly kind: 'day' } & DemoDay)

/**
 * The driver's own memory beside the platform's data: sessions of its customers and what was refused, one JSON line
 * each. A line cut short by a crash is left out: what it stood for is done again, with the same Idempotency-Keys.
 */
export class DemoJournal {
  readonly #path: string
  readonly customers = new Map<string, DemoCustomer>()
  readonly #refused = new Map<string, number>()

  constructor(path: string) {
    this.#path = path
    if (!existsSync(path)) return
    const text = readFileSync(path, 'utf8')
    for (const line of text.split('\n')) this.#read(line)
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  }

  rememberCustomer(customer: DemoCustomer): void {
    this.customers.set(customer.customer, customer)
    this.#append({ kind: 'customer', ...customer })
  }

  /** A day that is done again after a crash counts once. */
  rememberDay(day: DemoDay): void {
    this.#refused.set(day.day, day.refused)
    this.#append({ kind: 'day', ...day })
  }

  /** True where a run was begun before. */
  hasDays(): boolean {
    return this.#refused.size > 0
  }

  /** How many purchases the API refused, over all days. */
  refused(): number {
    return [...this.#refused.values()].reduce((sum, count) => sum + count, 0)
  }

  #read(text: string): void {
    let line: Line
    try {
      line = JSON.parse(text) as Line
    } catch {
      return
    }
    if (line.kind === 'customer') this.customers.set(line.customer, line)
    else this.#refused.set(line.day, line.refused)
  }

  #append(line: Line): void {
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }
}
