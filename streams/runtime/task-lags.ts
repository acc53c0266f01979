import type { TaskLag } from '../assignor/member-info.ts'
import type { Log } from '../log/log.ts'
import { decodeCheckpoint } from '../store/checkpoint.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import { type ChangelogPartition, changelogsOf } from './changelog-cursors.ts'

/**
 * For each task with state: whether the backend has some of it, and how many changelog records are to be read before
 * the task could run here. Offsets are counted, so that a compacted changelog looks longer than it is.
 */
export async function taskLags(topology: Topology, log: Log, backend: StoreBackend): Promise<Map<string, TaskLag>> {
  const tasks = topology.subtopologies.flatMap((sub) =>
    Array.from({ length: sub.partitions }, (_, partition) => {
      const taskId = `${sub.name}.${partition}`
      return { taskId, changelogs: changelogsOf(topology.name, taskId, partition, sub.storeNames) }
    }),
  )
  const stateful = tasks.filter(({ changelogs }) => changelogs.length > 0)
  const all = stateful.flatMap(({ changelogs }) => changelogs)
  const [stored, begins, ends] = await Promise.all([
    backend.getMany(all.map(({ offsetKey }) => offsetKey)),
    log.beginningOffsets(all),
    // A hint: whoever joins a group does not wait for a transaction somewhere.
    log.endOffsets(all, { pending: 'ignore' }),
  ])
  const begin = new Map(begins.map((at) => [nameOf(at), at.offset]))
  const end = new Map(ends.map((at) => [nameOf(at), at.offset]))
  const lags = all.map((changelog, index) => {
    const bytes = stored[index]
    const from = bytes === undefined ? 0 : decodeCheckpoint(bytes).offset
    const first = Math.max(from, begin.get(nameOf(changelog)) ?? 0)
    return { isHeld: bytes !== undefined, lag: Math.max(0, (end.get(nameOf(changelog)) ?? 0) - first) }
  })
  let at = 0
  return new Map(
    stateful.map(({ taskId, changelogs }) => {
      const mine = lags.slice(at, at + changelogs.length)
      at += changelogs.length
      const lag = mine.reduce((sum, one) => sum + one.lag, 0)
      return [taskId, { lag, isHeld: mine.some(({ isHeld }) => isHeld) }]
    }),
  )
}

const nameOf = ({ topic, partition }: Pick<ChangelogPartition, 'topic' | 'partition'>) => `${topic}/${partition}`
