import type { AssignorMember } from '../log/log.ts'
import { decodeMemberInfo, type MemberInfo } from './member-info.ts'
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
 * several claim belongs to the first; a member that has only some of a task's partitions claims it too. What nobody has
 * belongs to whom the last assignment gave it: it is on its way there.
 */
export function taskMembers(members: readonly AssignorMember[], slots: readonly TaskSlot[]): TaskMember[] {
  const sorted = [...members].sort(
    (a, b) => compare(a.instanceId ?? a.memberId, b.instanceId ?? b.memberId) || compare(a.memberId, b.memberId),
  )
  const known = sorted.map((member) => ({ member, info: decodeMemberInfo(member.userData), active: new Set<string>() }))
  const claimed = new Set<string>()
  const claim = (active: Set<string>, ids: readonly string[]) => {
    for (const id of ids) if (!claimed.has(id)) active.add(id)
    for (const id of active) claimed.add(id)
  }
  for (const { member, active } of known) claim(active, ownedTasks(member, slots))
  const ids = new Set(slots.map(({ id }) => id))
  for (const { info, active } of known) {
    claim(
      active,
      info.promised.filter((id) => ids.has(id)),
    )
  }
  return known.map(({ member, info, active }) => taskMember(member.memberId, info, active))
}

function taskMember(id: string, { address, lags, standbys }: MemberInfo, active: ReadonlySet<string>): TaskMember {
  const make = (runs: ReadonlySet<string>, follows: ReadonlySet<string>): TaskMember => {
    // What it runs in truth it has, also where a plan takes it away.
    const isCurrent = (task: string) => runs.has(task) || active.has(task)
    return {
      ...{ id, address, active: runs, standbys: follows, after: make },
      lagOf: (task) => (!task.isStateful || isCurrent(task.id) ? 0 : (lags.get(task.id)?.lag ?? Infinity)),
      isHolding: (task) => {
        return !task.isStateful || isCurrent(task.id) || follows.has(task.id) || lags.get(task.id)?.isHeld === true
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
