import { setTimeout as sleep } from 'node:timers/promises'
import type { Log, TopicPartition } from '#streams'

/** A consumer group and the topics it reads. */
export type ReadingGroup = { readonly group: string; readonly topics: readonly string[] }

const LOOK_MS = 1

/** How many records are written and not yet processed by a group. */
export async function groupLag(log: Log, { group, topics }: ReadingGroup): Promise<number> {
  const partitions = topics.flatMap((topic) => partitionsOf(log, topic))
  const [ends, begins, committed] = await Promise.all([
    log.endOffsets(partitions),
    log.beginningOffsets(partitions),
    log.committed(group, partitions),
  ])
  const done = new Map([...begins, ...committed].map((position) => [keyOf(position), position.offset]))
  return ends.reduce((lag, end) => lag + Math.max(0, end.offset - (done.get(keyOf(end)) ?? 0)), 0)
}

/**
 * Waits until nothing is on its way: every group has processed all that is written, and nothing was written while we
 * looked. What is under way inside a group counts as unprocessed until its results are written, so this cannot be
 * fooled by a request that is out at a provider.
 */
export async function comesToRest(log: Log, groups: readonly ReadingGroup[], timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  const partitions = [...new Set(groups.flatMap((group) => group.topics))].flatMap((topic) => partitionsOf(log, topic))
  for (;;) {
    const before = await written(log, partitions)
    if ((await totalLag(log, groups)) === 0 && (await written(log, partitions)) === before) return true
    if (performance.now() > deadline) return false
    await sleep(LOOK_MS)
  }
}

async function totalLag(log: Log, groups: readonly ReadingGroup[]): Promise<number> {
  for (const group of groups) {
    const lag = await groupLag(log, group)
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
