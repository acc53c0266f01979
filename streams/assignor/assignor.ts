import type { Assignor, MemberAssignment } from '../log/log.ts'
import { activeTasks } from './active-tasks.ts'
import { encodeAssignmentInfo, type TaskHolder } from './assignment-info.ts'
import { balancedOwners } from './balanced-owners.ts'
import { standbyTasks } from './standby-tasks.ts'
import { type TaskMember, taskMembers } from './task-member.ts'
import { type TaskGroup, type TaskSlot, taskSlots } from './task-slots.ts'

/** How tasks are assigned. All members of a group must say the same. */
export type TaskAssignorOptions = {
  /** Members that follow the state of each task beside the one that runs it. 0. */
  readonly standbyReplicas?: number
  /**
   * A member that is at most so many changelog records behind may run a task at once; one that is further behind warms
   * up first. 10,000: the default of Kafka Streams' `acceptable.recovery.lag` (KIP-441).
   */
  readonly acceptableRecoveryLag?: number
}

/** The default of `acceptableRecoveryLag`, in records. */
export const ACCEPTABLE_RECOVERY_LAG = 10_000

/** Looks ahead at most so often; three are enough in practice, and each costs as much as an assignment. */
const ROUNDS_MAX = 10

/**
 * Gives tasks to members: whole tasks (all partitions of a task to one member), as many to each as to any other give
 * or take one, and where that allows it to the one that runs the task already or has the least of its state to read.
 * Balance is reached by way of warm-ups, so that a task never waits for its state where somebody has it. It gives
 * standbys too, and tells every member who has what.
 * @throws StreamsError STREAMS_NOT_COPARTITIONED (by `assign`)
 */
export function taskAssignor(groups: readonly TaskGroup[], options: TaskAssignorOptions = {}): Assignor {
  return {
    name: 'streams-tasks',
    assign: (members, counts) => {
      const slots = taskSlots(groups, counts)
      return members.length === 0 ? new Map() : assignmentsOf(settledPlan(taskMembers(members, slots), slots, options))
    },
  }
}

/** What each member is to do. */
type MemberPlan = {
  readonly member: TaskMember
  readonly active: readonly TaskSlot[]
  /** With the warm-ups. */
  readonly standbys: readonly string[]
  readonly warmUps: readonly string[]
}

/**
 * The plan that would come out again if it were carried out and asked for once more. A first plan may still have a
 * better one behind it, as where somebody who is ready could take a task off a member that was given too many.
 */
function settledPlan(
  members: readonly TaskMember[],
  slots: readonly TaskSlot[],
  options: TaskAssignorOptions,
): readonly MemberPlan[] {
  let plan = planOf(members, slots, options)
  for (let round = 1; round < ROUNDS_MAX; round++) {
    const after = plan.map(({ member, active, standbys }) => {
      return member.after(new Set(active.map(({ id }) => id)), new Set(standbys))
    })
    const next = planOf(after, slots, options)
    if (isSame(plan, next)) break
    plan = next
  }
  return plan
}

function planOf(
  members: readonly TaskMember[],
  slots: readonly TaskSlot[],
  {
    standbyReplicas: replicas = 0,
    acceptableRecoveryLag: acceptableLag = ACCEPTABLE_RECOVERY_LAG,
  }: TaskAssignorOptions,
): readonly MemberPlan[] {
  const wanted = balancedOwners(members, slots, acceptableLag)
  const plan = activeTasks(members, slots, wanted, acceptableLag)
  const standbys = standbyTasks(members, slots, plan, replicas)
  return members.map((member) => {
    const warmUps = [...plan.warmUps].filter(([, one]) => one === member).map(([id]) => id)
    return {
      member,
      active: slots.filter(({ id }) => plan.active.get(id) === member),
      standbys: [...(standbys.get(member) ?? []), ...warmUps].sort(),
      warmUps,
    }
  })
}

function isSame(one: readonly MemberPlan[], other: readonly MemberPlan[]): boolean {
  const text = (plan: readonly MemberPlan[]) => {
    return JSON.stringify(plan.map(({ active, standbys, warmUps }) => [active.map(({ id }) => id), standbys, warmUps]))
  }
  return text(one) === text(other)
}

function assignmentsOf(plan: readonly MemberPlan[]): ReadonlyMap<string, MemberAssignment> {
  const holders = plan.flatMap(({ member: { address }, active, standbys, warmUps }): TaskHolder[] => {
    if (address === null) return []
    const followed = standbys.filter((id) => !warmUps.includes(id))
    return [{ address, active: active.map(({ id }) => id), standbys: followed }]
  })
  return new Map(
    plan.map(({ member, active, standbys, warmUps }) => {
      const partitions = active.flatMap((slot) => slot.partitions)
      const info = { active: active.map(({ id }) => id), standbys, warmUps, holders }
      return [member.id, { partitions, userData: encodeAssignmentInfo(info) }]
    }),
  )
}
