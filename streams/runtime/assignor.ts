import type { Assignor, AssignorMember, TopicPartition } from '../log/log.ts'

/** What a sub-topology reads together: partition n of each of its topics goes to the same member, as task n. */
export type TaskGroup = { readonly name: string; readonly topics: readonly string[] }

type TaskSlot = { readonly id: string; readonly group: string; readonly partitions: readonly TopicPartition[] }
type Share = { readonly memberId: string; readonly held: ReadonlySet<string>; readonly tasks: TaskSlot[] }

/**
 * Gives tasks to members: whole tasks (all partitions of a task to one member), as many to each as to any other give
 * or take one, and where that allows it to the one that has the task already or holds its state on disk.
 */
export function taskAssignor(groups: readonly TaskGroup[]): Assignor {
  return {
    name: 'streams-tasks',
    assign: (members, partitions) => {
      const shares = distribute(members, slotsOf(groups, partitions))
      return new Map(
        shares.map((share) => [
          share.memberId,
          { partitions: share.tasks.flatMap((task) => task.partitions), userData: null },
        ]),
      )
    },
  }
}

/** What a member tells the assignor: the tasks whose state it has on disk. */
export function encodeHeldTasks(taskIds: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([...taskIds].sort()), 'utf8')
}

/** The tasks a member said it holds; none where it said something else: that is a hint, and never worth a failure. */
export function decodeHeldTasks(userData: Buffer | null): ReadonlySet<string> {
  if (userData === null) return new Set()
  try {
    const ids: unknown = JSON.parse(userData.toString('utf8'))
    return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [])
  } catch {
    return new Set()
  }
}

/** The tasks there are: as many of a sub-topology as the widest of its topics has partitions. */
function slotsOf(groups: readonly TaskGroup[], counts: ReadonlyMap<string, number>): TaskSlot[] {
  return groups.flatMap(({ name, topics }) => {
    const width = Math.max(0, ...topics.map((topic) => counts.get(topic) ?? 0))
    return Array.from({ length: width }, (_, partition) => ({
      id: `${name}.${partition}`,
      group: name,
      partitions: topics.filter((topic) => partition < (counts.get(topic) ?? 0)).map((topic) => ({ topic, partition })),
    }))
  })
}

function distribute(members: readonly AssignorMember[], slots: readonly TaskSlot[]): Share[] {
  if (members.length === 0) return []
  const sorted = [...members].sort((a, b) => compare(a.memberId, b.memberId))
  const shares = sorted.map(({ memberId, userData }) => ({ memberId, held: decodeHeldTasks(userData), tasks: [] }))
  const owners = ownersOf(sorted, slots)
  const unassigned = keepOwned(shares, slots, owners)
  // What somebody holds goes first, so that the others' tasks do not take its place.
  const isHeld = (task: TaskSlot) => shares.some((share) => share.held.has(task.id))
  for (const task of [...unassigned.filter(isHeld), ...unassigned.filter((task) => !isHeld(task))]) {
    bestFor(task, shares, slots.length).tasks.push(task)
  }
  for (const { tasks } of shares) tasks.sort((a, b) => slots.indexOf(a) - slots.indexOf(b))
  return shares
}

/** Who has each task now. A member that has only some of a task's partitions counts too; of two, the first by id. */
function ownersOf(members: readonly AssignorMember[], slots: readonly TaskSlot[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  for (const { memberId, owned } of members) {
    const names = new Set(owned.map(({ topic, partition }) => `${topic}\0${partition}`))
    for (const task of slots) {
      if (owners.has(task.id)) continue
      if (task.partitions.some(({ topic, partition }) => names.has(`${topic}\0${partition}`))) {
        owners.set(task.id, memberId)
      }
    }
  }
  return owners
}

/** Leaves each member what it has, up to its quota; answers with the tasks that need a new owner. */
function keepOwned(
  shares: readonly Share[],
  slots: readonly TaskSlot[],
  owners: ReadonlyMap<string, string>,
): TaskSlot[] {
  const floor = Math.floor(slots.length / shares.length)
  let extra = slots.length % shares.length
  const left: TaskSlot[] = slots.filter((task) => !owners.has(task.id))
  const claims = shares.map((share) => ({
    share,
    tasks: slots.filter((task) => owners.get(task.id) === share.memberId),
  }))
  // Those who have most keep the odd ones: fewer tasks move.
  claims.sort((a, b) => b.tasks.length - a.tasks.length)
  for (const { share, tasks } of claims) {
    const quota = tasks.length > floor && extra > 0 ? floor + 1 : floor
    if (quota > floor) extra--
    const queue = spread(tasks)
    share.tasks.push(...queue.slice(0, quota))
    left.push(...queue.slice(quota))
  }
  return left
}

/** One task of each sub-topology in turn, so that what is given up leaves an even mix behind. */
function spread(tasks: readonly TaskSlot[]): TaskSlot[] {
  const rank = new Map<TaskSlot, number>()
  const seen = new Map<string, number>()
  for (const task of tasks) {
    const count = seen.get(task.group) ?? 0
    rank.set(task, count)
    seen.set(task.group, count + 1)
  }
  return [...tasks].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
}

/** The member to give a task to: one that has room, then one that holds its state, then the least laden one. */
function bestFor(task: TaskSlot, shares: readonly Share[], total: number): Share {
  const floor = Math.floor(total / shares.length)
  const fuller = shares.filter((share) => share.tasks.length > floor).length
  const hasRoom = ({ tasks }: Share) => tasks.length < floor + (fuller < total % shares.length ? 1 : 0)
  const cost = (share: Share): readonly number[] => [
    hasRoom(share) ? 0 : 1,
    share.held.has(task.id) ? 0 : 1,
    share.tasks.length,
    share.tasks.filter((other) => other.group === task.group).length,
  ]
  return shares.reduce((best, share) => (compareAll(cost(share), cost(best)) < 0 ? share : best))
}

function compareAll(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
