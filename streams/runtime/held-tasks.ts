import { changelogOffsetKey } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic } from '../topology/internal-topics.ts'
import type { Topology } from '../topology/topology.ts'

/** The tasks whose state the backend has: those with a checkpoint of one of their stores. */
export async function heldTasks(backend: StoreBackend, topology: Topology): Promise<string[]> {
  const candidates = topology.subtopologies.flatMap((sub) =>
    Array.from({ length: sub.partitions }, (_, partition) => {
      const taskId = `${sub.name}.${partition}`
      const keys = sub.storeNames.map((store) => {
        return changelogOffsetKey(topology.name, taskId, changelogTopic(topology.name, store))
      })
      return { taskId, keys }
    }),
  )
  const found = await backend.getMany(candidates.flatMap(({ keys }) => keys))
  let at = 0
  return candidates
    .filter(({ keys }) => {
      const mine = found.slice(at, at + keys.length)
      at += keys.length
      return mine.some((value) => value !== undefined)
    })
    .map(({ taskId }) => taskId)
}
