import { setTimeout as sleep } from 'node:timers/promises'
import type { Log, Position, TopicPartition } from '#streams'

/** A consumer group and the topics it reads. */
export type ReadingGroup = { readonly group: string; readonly topics: readonly string[] }

const LOOK_MS = 1

/** How many offsets of a group's topics are not processed yet; stretches that hold no record do not count. */
export async function groupLag(
  log: Log,
  { group, topics }: ReadingGroup,
  gaps: LogGaps = new LogGaps(log),
): Promise<number> {
  const partitions = topics.flatMap((topic) => partitionsOf(log, topic))
  const [ends, begins, committed] = await Promise.all([
    log.endOffsets(partitions),
    log.beginningOffsets(partitions),
    log.committed(group, partitions),
  ])
  const done = new Map([...begins, ...committed].map((position) => [keyOf(position), position.offset]))
  const behind = ends
    .map((end) => ({ end, offset: done.get(keyOf(end)) ?? 0 }))
    .filter((at) => at.offset < at.end.offset)
  const lags = await Promise.all(behind.map(async ({ end, offset }) => end.offset - (await gaps.past(end, offset))))
  return lags.reduce((sum, lag) => sum + Math.max(0, lag), 0)
}

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
    const known = this.known.get(keyOf(end))
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
      this.known.set(keyOf(end), { from: known !== undefined && from > offset ? known.from : offset, to: at })
    return at
  }
}

/**
 * Waits until nothing is on its way: every group has processed all that is written, and nothing was written while we
 * looked. What is under way inside a group counts as unprocessed until its results are written, so this cannot be
 * fooled by a request that is out at a provider.
 */
export async function comesToRest(
  log: Log,
  groups: readonly ReadingGroup[],
  timeoutMs: number,
  gaps: LogGaps = new LogGaps(log),
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  const partitions = [...new Set(groups.flatMap((group) => group.topics))].flatMap((topic) => partitionsOf(log, topic))
  for (;;) {
    const before = await written(log, partitions)
    if ((await totalLag(log, groups, gaps)) === 0 && (await written(log, partitions)) === before) return true
    if (performance.now() > deadline) return false
    await sleep(LOOK_MS)
  }
}

async function totalLag(log: Log, groups: readonly ReadingGroup[], gaps: LogGaps): Promise<number> {
  for (const group of groups) {
    const lag = await groupLag(log, group, gaps)
    if (lag > 0) return lag
  }
  return 0
}

async function written(log: Log, partitions: readonly TopicPartition[]): Promise<number> {
  const ends = await log.endOffsets(partitions)
  return ends.reduce((sum, end) => sum + end.offset, 0)
}

function partitionsOf(log: Log, topic: string): TopicPartition[] {
  return Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic} ${partition}`
}
