import { compareCosts, heldLag, type TaskMember } from './task-member.ts'
import type { TaskSlot } from './task-slots.ts'

type Share = { readonly member: TaskMember; readonly tasks: TaskSlot[] }

/**
 * Who is to run each task once all state is where it belongs: as many tasks with state to each member as to any other
 * give or take one, and as many tasks in all. Members keep what they run as far as that allows; what is left goes to
 * whoever has the least to restore. By task id.
 */
export function balancedOwners(
  members: readonly TaskMember[],
  slots: readonly TaskSlot[],
  acceptableLag: number,
): ReadonlyMap<string, TaskMember> {
  const shares = members.map((member): Share => ({ member, tasks: [] }))
  for (const isStateful of [true, false]) {
    new Pass(
      shares,
      slots.filter((slot) => slot.isStateful === isStateful),
      acceptableLag,
    ).run()
  }
  return new Map(shares.flatMap(({ member, tasks }) => tasks.map((task) => [task.id, member] as const)))
}

/** Levels one kind of tasks over shares that may have others already. */
class Pass {
  private readonly shares: readonly Share[]
  private readonly tasks: readonly TaskSlot[]
  private readonly acceptableLag: number
  /** Each share gets `floor` tasks, and `extra` of them one more. */
  private readonly floor: number
  private readonly extra: number

  constructor(shares: readonly Share[], tasks: readonly TaskSlot[], acceptableLag: number) {
    this.shares = shares
    this.tasks = tasks
    this.acceptableLag = acceptableLag
    const total = shares.reduce((sum, share) => sum + share.tasks.length, tasks.length)
    this.floor = Math.floor(total / shares.length)
    this.extra = total % shares.length
  }

  run(): void {
    // Order matters: tasks for which it makes a difference who gets them go before those for which it does not.
    const left = this.keep()
      .map((task) => ({ task, regret: this.regretOf(task) }))
      .sort((a, b) => b.regret - a.regret)
    for (const { task } of left) this.bestFor(task).tasks.push(task)
  }

  /** Leaves each member what it runs, up to its quota; answers with the tasks that need an owner. */
  private keep(): TaskSlot[] {
    const claims = this.shares.map((share) => ({
      share,
      mine: this.tasks.filter(({ id }) => share.member.active.has(id)),
    }))
    const left = this.tasks.filter(({ id }) => !this.shares.some(({ member }) => member.active.has(id)))
    const size = ({ share, mine }: (typeof claims)[number]) => share.tasks.length + mine.length
    // Those that have more of the other kind already, then those that run most, keep the odd ones: fewer tasks move.
    claims.sort((a, b) => b.share.tasks.length - a.share.tasks.length || size(b) - size(a))
    const open = claims.filter((claim) => size(claim) < this.floor + (this.extra > 0 ? 1 : 0))
    let extra = this.extra
    for (const claim of claims) {
      const { share, mine } = claim
      const limit = size(claim) > this.floor && extra > 0 ? this.floor + 1 : this.floor
      if (limit > this.floor) extra--
      const quota = Math.max(0, limit - share.tasks.length)
      const takers = open.filter((other) => other !== claim).map((other) => other.share.member)
      const queue = this.bestToKeep(mine, takers)
      share.tasks.push(...queue.slice(0, quota))
      left.push(...queue.slice(quota))
    }
    return left
  }

  /**
   * What somebody with room could take over soonest comes last, to be given up first. Otherwise one task of each group
   * in turn, so that what is given up leaves an even mix behind.
   */
  private bestToKeep(mine: readonly TaskSlot[], takers: readonly TaskMember[]): TaskSlot[] {
    const seen = new Map<string, number>()
    const ranked = mine.map((task) => {
      const rank = seen.get(task.group) ?? 0
      seen.set(task.group, rank + 1)
      const eagerness = Math.min(Infinity, ...takers.map((taker) => this.readiness(taker, task)))
      return { task, cost: [-eagerness, rank] }
    })
    return ranked.sort((a, b) => compareCosts(a.cost, b.cost)).map(({ task }) => task)
  }

  /** 0: has the state; 1: has little to read; 2: is reading it; 3: has some of it; 4: starts from nothing. */
  private readiness(member: TaskMember, task: TaskSlot): number {
    const isNear = member.lagOf(task) <= this.acceptableLag
    if (isNear) return member.isHolding(task) ? 0 : 1
    if (member.standbys.has(task.id)) return 2
    return member.isHolding(task) ? 3 : 4
  }

  /** How much more the worst owner would have to read than the best one. */
  private regretOf(task: TaskSlot): number {
    const lags = this.shares.map(({ member }) => member.lagOf(task))
    const worst = Math.max(...lags)
    const best = Math.min(...lags)
    return worst === best ? 0 : worst - best
  }

  private bestFor(task: TaskSlot): Share {
    const fuller = this.shares.filter(({ tasks }) => tasks.length > this.floor).length
    const room = this.floor + (fuller < this.extra ? 1 : 0)
    const cost = ({ member, tasks }: Share): readonly number[] => [
      tasks.length < room ? 0 : 1,
      this.readiness(member, task),
      heldLag(member, task),
      tasks.length,
      tasks.filter((other) => other.group === task.group).length,
    ]
    return this.shares.reduce((best, share) => (compareCosts(cost(share), cost(best)) < 0 ? share : best))
  }
}
