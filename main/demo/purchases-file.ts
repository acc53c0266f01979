import { readFileSync } from 'node:fs'
import { dateToMs } from '#domain/calendar.ts'
import { StartError } from '../start-error.ts'

/** One real purchase: who, when, how much. */
export type DemoPurchase = {
  /** Line of the file, from 1: the purchase's name in every run. */
  readonly line: number
  /** The customer's number in the sample. */
  readonly customer: string
  readonly date: string
  readonly quantity: number
  readonly amountMinor: number
}

/**
 * Reads purchases in the format of the CDNOW sample: no header, white-space columns: id in the master file, id,
 * YYYYMMDD, number of items, value in dollars. In date order, and within a day in the order of the file.
 * @throws StartError PURCHASES_UNUSABLE, naming the file, the line and what is wrong with it.
 */
export function readPurchases(path: string, limit: number = Number.POSITIVE_INFINITY): DemoPurchase[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw unusable(`The purchases cannot be read from ${path} (${why}). Name a file with --purchases FILE.`)
  }
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), no: index + 1 }))
  const purchases = lines.filter(({ line }) => line !== '').map(({ line, no }) => parseLine(line, no, path))
  if (purchases.length === 0) throw unusable(`${path} holds no purchases.`)
  return purchases.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.line - b.line)).slice(0, limit)
}

function parseLine(line: string, no: number, path: string): DemoPurchase {
  const columns = /^(\d+)\s+(\d+)\s+(\d{4})(\d{2})(\d{2})\s+(\d+)\s+(\d+)\.(\d{2})$/.exec(line)
  if (columns === null) throw wrong(path, no, `expected "id id YYYYMMDD count dollars.cents", found "${line}"`)
  const [, , customer = '', year, month, day, quantity, dollars, cents] = columns
  const date = `${year}-${month}-${day}`
  try {
    dateToMs(date)
  } catch {
    throw wrong(path, no, `${date} is not a date`)
  }
  return { line: no, customer, date, quantity: Number(quantity), amountMinor: Number(dollars) * 100 + Number(cents) }
}

function wrong(path: string, no: number, what: string): StartError {
  return unusable(`${path}, line ${no}: ${what}.`)
}

function unusable(message: string): StartError {
  return new StartError('PURCHASES_UNUSABLE', message)
}
