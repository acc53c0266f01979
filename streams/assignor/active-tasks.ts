import { compareCosts, type TaskMember } from './task-member.ts'
import type { TaskSlot } from './task-slots.ts'

/** Who runs each task, and who gets ready to. Both by task id. */
export type ActivePlan = {
  readonly active: ReadonlyMap<string, TaskMember>
  /** Members that are to run a task and have too much of its state still to read. */
  readonly warmUps: ReadonlyMap<string, TaskMember>
}

/**
 * Gives each task to the member that is to have it, where that one can start soon. Otherwise (KIP-441) it stays with
 * the one that runs it, or goes to the one that has the least to read, and the member that is to have it warms up.
 * Meanwhile tasks may be spread unevenly: to answer comes before balance.
 */
export function activeTasks(
  members: readonly TaskMember[],
  slots: readonly TaskSlot[],
  wanted: ReadonlyMap<string, TaskMember>,
  acceptableLag: number,
): ActivePlan {
  const active = new Map<string, TaskMember>()
  const warmUps = new Map<string, TaskMember>()
  const load = new Map<TaskMember, number>()
  for (const slot of slots) {
    const target = wanted.get(slot.id)
    if (target === undefined) continue
    const owner = target.lagOf(slot) <= acceptableLag ? target : interimOwner(slot, target, members, load)
    active.set(slot.id, owner)
    load.set(owner, (load.get(owner) ?? 0) + 1)
    if (owner !== target) warmUps.set(slot.id, target)
  }
  return { active, warmUps }
}

/** Who runs a task until its owner to be is ready; that one itself where nobody could start sooner. */
function interimOwner(
  slot: TaskSlot,
  target: TaskMember,
  members: readonly TaskMember[],
  load: ReadonlyMap<TaskMember, number>,
): TaskMember {
  const running = members.find(({ active }) => active.has(slot.id))
  if (running !== undefined) return running
  const cost = (member: TaskMember) => [member.lagOf(slot), member === target ? 0 : 1, load.get(member) ?? 0]
  const holders = members.filter((member) => member.isHolding(slot))
  return holders.reduce((best, member) => (compareCosts(cost(member), cost(best)) < 0 ? member : best), target)
}
