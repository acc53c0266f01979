import type { Position } from '#streams'
import type { AppliedPositions } from './ports.ts'

const REMEMBERED_MAX = 20_000
const WAIT_MS = 2_000

type Recent = {
  /** The newest event in each partition. */
  readonly written: Map<string, Position>
  /** Events that follow from what was written, and are not there yet. */
  readonly expected: Set<Promise<unknown>>
}

/**
 * Read-your-write for callers of this node: remembers where each caller's events stand, and lets a read wait until the
 * sink has applied them. Where the sink is far behind, the read goes on with what there is.
 */
export class RecentPositions {
  readonly #applied: AppliedPositions
  readonly #waitMs: number
  readonly #byCaller = new Map<string, Recent>()

  constructor(applied: AppliedPositions, waitMs: number = WAIT_MS) {
    this.#applied = applied
    this.#waitMs = waitMs
  }

  /** An event these callers should find; null (a stored answer) was applied long ago. */
  remember(callers: readonly string[], position: Position | null): void {
    if (position === null) return
    const place = `${position.topic}/${position.partition}`
    for (const caller of callers) {
      const { written } = this.#of(caller)
      const known = written.get(place)
      if (known === undefined || known.offset < position.offset) written.set(place, position)
    }
    this.#forgetOldest()
  }

  /** An event that will follow from what these callers did: a read waits for it too, where it is still to come. */
  expect(callers: readonly string[], outcome: Promise<{ readonly position: Position }>): void {
    const arrived = outcome.then(
      ({ position }) => this.remember(callers, position),
      // It does not come, or not in time: then there is nothing to wait for.
      () => undefined,
    )
    for (const caller of callers) {
      const { expected } = this.#of(caller)
      expected.add(arrived)
      void arrived.finally(() => expected.delete(arrived))
    }
    this.#forgetOldest()
  }

  /** Waits, for two seconds at most, until the sink has applied what the caller did. */
  async settle(caller: string): Promise<void> {
    const recent = this.#byCaller.get(caller)
    if (recent === undefined) return
    const startedMs = performance.now()
    if (recent.expected.size > 0) await within(Promise.all(recent.expected), this.#waitMs)
    const waited = [...recent.written]
    const leftMs = Math.max(0, this.#waitMs - (performance.now() - startedMs))
    await Promise.all(waited.map(([, position]) => this.#applied.waitFor(position, leftMs)))
    for (const [place, position] of waited) if (recent.written.get(place) === position) recent.written.delete(place)
    const isDone = recent.written.size === 0 && recent.expected.size === 0
    if (isDone && this.#byCaller.get(caller) === recent) this.#byCaller.delete(caller)
  }

  #of(caller: string): Recent {
    const recent = this.#byCaller.get(caller) ?? { written: new Map(), expected: new Set() }
    this.#byCaller.delete(caller)
    this.#byCaller.set(caller, recent)
    return recent
  }

  #forgetOldest(): void {
    for (const caller of this.#byCaller.keys()) {
      if (this.#byCaller.size <= REMEMBERED_MAX) return
      this.#byCaller.delete(caller)
    }
  }
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
