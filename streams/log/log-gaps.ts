import type { Log, Position } from './log.ts'

/**
 * Finds out whether there is anything to read between two offsets: a log may give offsets to what nobody can read, as
 * Kafka does to the markers that end transactions. Remembers what it has found, since that never changes.
 */
export class LogGaps {
  private readonly log: Log
  private readonly known = new Map<string, { readonly from: number; readonly to: number }>()

  constructor(log: Log) {
    this.log = log
  }

  /** The offset of the next record from `offset` on, or the end where there is none. */
  async past(end: Position, offset: number): Promise<number> {
    const { topic, partition } = end
    const known = this.known.get(nameOf(end))
    const from = known !== undefined && known.from <= offset && offset <= known.to ? known.to : offset
    let at = from
    while (at < end.offset) {
      const [read] = await this.log.fetch({ positions: [{ topic, partition, offset: at }], maxBytes: 1, maxWaitMs: 0 })
      if (read === undefined || read.nextOffset === at) break
      const [first] = read.records
      at = first?.offset ?? read.nextOffset
      if (first !== undefined) break
    }
    if (at > offset)
      this.known.set(nameOf(end), { from: known !== undefined && from > offset ? known.from : offset, to: at })
    return at
  }
}

function nameOf({ topic, partition }: Position): string {
  return `${topic}/${partition}`
}
