import { setTimeout as sleep } from 'node:timers/promises'
import { type Log, LogGaps, type Position, type TopicPartition } from '#streams'

/** A consumer group and the topics it reads. */
export type ReadingGroup = { readonly group: string; readonly topics: readonly string[] }

/** How often is looked; a broker is asked over the network, by everybody. */
const LOOK_MS = 1
const LOOK_MS_BROKER = 10

/** How many offsets of a group's topics are not processed yet; stretches that hold no record do not count. */
export async function groupLag(log: Log, group: ReadingGroup): Promise<number> {
  const partitions = group.topics.flatMap((topic) => partitionsOf(log, topic))
  const [ends, begins] = await Promise.all([log.endOffsets(partitions), log.beginningOffsets(partitions)])
  return await lagBehind(log, group, { ends: byPartition(ends), begins: byPartition(begins) }, new LogGaps(log))
}

type Bounds = { readonly ends: ReadonlyMap<string, Position>; readonly begins: ReadonlyMap<string, Position> }

async function lagBehind(
  log: Log,
  { group, topics }: ReadingGroup,
  { ends, begins }: Bounds,
  gaps: LogGaps,
): Promise<number> {
  const partitions = topics.flatMap((topic) => partitionsOf(log, topic))
  const committed = byPartition(await log.committed(group, partitions))
  const lags = partitions.map(async (at) => {
    const end = ends.get(keyOf(at))
    const offset = (committed.get(keyOf(at)) ?? begins.get(keyOf(at)))?.offset ?? 0
    return end === undefined || offset >= end.offset ? 0 : end.offset - (await gaps.past(end, offset))
  })
  return (await Promise.all(lags)).reduce((sum, lag) => sum + lag, 0)
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
  const lookMs = log.capabilities.crossProcess ? LOOK_MS_BROKER : LOOK_MS
  const partitions = [...new Set(groups.flatMap((group) => group.topics))].flatMap((topic) => partitionsOf(log, topic))
  // What retention lets go of meanwhile only makes a beginning that is too low, and so at worst another look.
  const begins = byPartition(await log.beginningOffsets(partitions))
  // Who was behind is asked first the next time: mostly it still is, and then the others need not be asked.
  let order = [...groups]
  for (;;) {
    const ends = await log.endOffsets(partitions)
    const slow = await firstBehind(log, order, { ends: byPartition(ends), begins }, gaps)
    if (slow === undefined && sumOf(await log.endOffsets(partitions)) === sumOf(ends)) return true
    if (performance.now() > deadline) return false
    if (slow !== undefined) order = [slow, ...order.filter((group) => group !== slow)]
    await sleep(lookMs)
  }
}

async function firstBehind(log: Log, groups: readonly ReadingGroup[], bounds: Bounds, gaps: LogGaps) {
  for (const group of groups) if ((await lagBehind(log, group, bounds, gaps)) > 0) return group
  return undefined
}

function sumOf(positions: readonly Position[]): number {
  return positions.reduce((sum, { offset }) => sum + offset, 0)
}

function byPartition(positions: readonly Position[]): Map<string, Position> {
  return new Map(positions.map((position) => [keyOf(position), position]))
}

function partitionsOf(log: Log, topic: string): TopicPartition[] {
  return Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic} ${partition}`
}
