import type { AssignorMember } from '../log/log.ts'
import { decodeMemberInfo } from './member-info.ts'
import type { TaskSlot } from './task-slots.ts'

/** A member, in terms of tasks. */
export type TaskMember = {
  readonly id: string
  readonly address: string | null
  /** The tasks it runs now. */
  readonly active: ReadonlySet<string>
  /** The tasks it follows now. */
  readonly standbys: ReadonlySet<string>
  /** How many changelog records it would have to read before it could run a task; infinite where that is not known. */
  lagOf(task: TaskSlot): number
  isHolding(task: TaskSlot): boolean
  /** The same member once it runs and follows these tasks, and before it has read anything for it. */
  after(active: ReadonlySet<string>, standbys: ReadonlySet<string>): TaskMember
}

/**
 * The members in an order that does not depend on how they were given: by the name they keep, then by id. A task that
 * several claim belongs to the first; a member that has only some of a task's partitions claims it too.
 */
export function taskMembers(members: readonly AssignorMember[], slots: readonly TaskSlot[]): TaskMember[] {
  const sorted = [...members].sort(
    (a, b) => compare(a.instanceId ?? a.memberId, b.instanceId ?? b.memberId) || compare(a.memberId, b.memberId),
  )
  const claimed = new Set<string>()
  return sorted.map((member) => {
    const active = ownedTasks(member, slots).filter((id) => !claimed.has(id))
    for (const id of active) claimed.add(id)
    return taskMember(member, new Set(active))
  })
}

function taskMember({ memberId, userData }: AssignorMember, active: ReadonlySet<string>): TaskMember {
  const { address, lags, standbys } = decodeMemberInfo(userData)
  const make = (runs: ReadonlySet<string>, follows: ReadonlySet<string>): TaskMember => {
    // What it runs in truth it has, also where a plan takes it away.
    const isCurrent = (id: string) => runs.has(id) || active.has(id)
    return {
      ...{ id: memberId, address, active: runs, standbys: follows, after: make },
      lagOf: ({ id, isStateful }) => (!isStateful || isCurrent(id) ? 0 : (lags.get(id)?.lag ?? Infinity)),
      isHolding: ({ id, isStateful }) => {
        return !isStateful || isCurrent(id) || follows.has(id) || lags.get(id)?.isHeld === true
      },
    }
  }
  return make(active, new Set(standbys))
}

function ownedTasks({ owned }: AssignorMember, slots: readonly TaskSlot[]): string[] {
  const names = new Set(owned.map(nameOf))
  return slots.filter(({ partitions }) => partitions.some((one) => names.has(nameOf(one)))).map(({ id }) => id)
}

const nameOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}\0${partition}`

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * What tells members apart that have some of a task's state. Those that have none have the same to read, whatever they
 * say: each has looked at another moment.
 */
export function heldLag(member: TaskMember, task: TaskSlot): number {
  return member.isHolding(task) ? member.lagOf(task) : 0
}

/** Compares costs, the first figures before the later ones. */
export function compareCosts(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
