import type { ActivePlan } from './active-tasks.ts'
import { compareCosts, heldLag, type TaskMember } from './task-member.ts'
import type { TaskSlot } from './task-slots.ts'

/**
 * Who follows the changelogs of which tasks, by member: never the one that runs the task or warms up for it. Those that
 * follow it go on, what is missing goes to those that have the most of its state, and then it is evened out. Asked
 * again, it gives the same: everybody goes on, and nothing is left to even out.
 */
export function standbyTasks(
  members: readonly TaskMember[],
  slots: readonly TaskSlot[],
  plan: ActivePlan,
  replicas: number,
): ReadonlyMap<TaskMember, readonly string[]> {
  const shares = new Shares(members, plan)
  const stateful = slots.filter((slot) => slot.isStateful && plan.active.has(slot.id))
  const wanted = stateful.map((slot) => ({ slot, count: Math.min(replicas, shares.freeFor(slot).length) }))
  for (const { slot, count } of wanted) shares.keep(slot, count)
  for (let replica = 0; replica < replicas; replica++) {
    for (const { slot, count } of wanted) if (shares.countOf(slot) < count) shares.give(slot)
  }
  shares.level(stateful)
  return shares.tasks
}

class Shares {
  readonly tasks: ReadonlyMap<TaskMember, string[]>
  private readonly members: readonly TaskMember[]
  private readonly plan: ActivePlan

  constructor(members: readonly TaskMember[], plan: ActivePlan) {
    this.members = members
    this.plan = plan
    this.tasks = new Map(members.map((member) => [member, []]))
  }

  /** Those that neither run a task, nor warm up for it, nor follow it. */
  freeFor({ id }: TaskSlot): TaskMember[] {
    const { active, warmUps } = this.plan
    return this.members.filter((member) => {
      return active.get(id) !== member && warmUps.get(id) !== member && !this.of(member).includes(id)
    })
  }

  countOf({ id }: TaskSlot): number {
    return this.members.filter((member) => this.of(member).includes(id)).length
  }

  /** Leaves a task with so many of those that follow it: the ones that are least behind. */
  keep(slot: TaskSlot, count: number): void {
    const followers = this.freeFor(slot).filter(({ standbys }) => standbys.has(slot.id))
    followers.sort((a, b) => compareCosts([a.lagOf(slot)], [b.lagOf(slot)]))
    for (const member of followers.slice(0, count)) this.of(member).push(slot.id)
  }

  give(slot: TaskSlot): void {
    const [first, ...others] = this.freeFor(slot)
    if (first === undefined) return
    const cost = (member: TaskMember): readonly number[] => [
      member.isHolding(slot) ? 0 : 1,
      heldLag(member, slot),
      this.of(member).length,
    ]
    const best = others.reduce((so, member) => (compareCosts(cost(member), cost(so)) < 0 ? member : so), first)
    this.of(best).push(slot.id)
  }

  /** Moves standbys from members that have two more than another one may take, while there are such. */
  level(slots: readonly TaskSlot[]): void {
    for (let move = this.nextMove(slots); move !== undefined; move = this.nextMove(slots)) {
      const from = this.of(move.from)
      from.splice(from.indexOf(move.slot.id), 1)
      this.of(move.to).push(move.slot.id)
    }
  }

  private nextMove(slots: readonly TaskSlot[]): { slot: TaskSlot; from: TaskMember; to: TaskMember } | undefined {
    const byLoad = [...this.members].sort((a, b) => this.of(b).length - this.of(a).length)
    for (const from of byLoad) {
      for (const to of [...byLoad].reverse()) {
        if (this.of(from).length - this.of(to).length < 2) break
        const movable = slots.filter((slot) => this.of(from).includes(slot.id) && this.freeFor(slot).includes(to))
        movable.sort((a, b) => compareCosts([to.lagOf(a)], [to.lagOf(b)]))
        if (movable[0] !== undefined) return { slot: movable[0], from, to }
      }
    }
    return undefined
  }

  private of(member: TaskMember): string[] {
    return this.tasks.get(member) as string[]
  }
}
