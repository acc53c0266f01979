/**
 * Random histories of a group: members come, die and come back with what they had, state grows, standbys read. After
 * every assignment what must always hold is checked. A failure prints the seed to run it with: TEST_SEED=<seed>.
 */
import { expect, test } from 'vitest'
import type { AssignorMember, MemberAssignment, TopicPartition } from '../log/log.ts'
import { type Random, seededRandom, testSeed } from '../testing/seed.ts'
import { type AssignmentInfo, decodeAssignmentInfo } from './assignment-info.ts'
import { taskAssignor } from './assignor.ts'
import { encodeMemberInfo, type TaskLag } from './member-info.ts'

const RUNS = 60
const ROUNDS = 30
const ACCEPTABLE = 100
const GROUPS = [
  { name: 'state', topics: ['commands', 'events'], isStateful: true },
  { name: 'more', topics: ['repartition'], isStateful: true },
  { name: 'plain', topics: ['words'] },
]
const STATEFUL = (id: string) => !id.startsWith('plain')

type Instance = {
  readonly id: string
  isUp: boolean
  owned: readonly TopicPartition[]
  standbys: readonly string[]
  promised: readonly string[]
  /** Records applied, by task: what it has on disk. */
  readonly read: Map<string, number>
}

class History {
  private readonly random: Random
  private readonly counts: Map<string, number>
  private readonly taskIds: readonly string[]
  private readonly replicas: number
  private readonly instances: readonly Instance[]
  /** Length of each task's changelogs. */
  private readonly ends = new Map<string, number>()
  private round = 0

  constructor(random: Random) {
    this.random = random
    const [state, more, plain] = [1 + random.int(6), 1 + random.int(4), random.int(4)]
    this.counts = new Map(Object.entries({ commands: state, events: state, repartition: more, words: plain }))
    const sizes = [['state', state], ['more', more], ['plain', plain]] as const // biome-ignore format: a table
    this.taskIds = sizes.flatMap(([name, size]) => Array.from({ length: size }, (_, n) => `${name}.${n}`))
    this.replicas = random.int(3)
    this.instances = Array.from({ length: 1 + random.int(6) }, (_, n) => ({
      ...{ id: `m${n}`, isUp: false, owned: [], standbys: [], promised: [], read: new Map() },
    }))
  }

  private get message(): string {
    return `TEST_SEED=${this.random.seed}, round ${this.round}`
  }

  run(): void {
    for (this.round = 1; this.round <= ROUNDS; this.round++) {
      this.liveOn()
      this.assignAndCheck()
    }
    this.comeToRest()
  }

  private liveOn(): void {
    const { random } = this
    for (const instance of this.instances) {
      if (!random.chance(0.2)) continue
      instance.isUp = !instance.isUp
      instance.owned = []
      instance.standbys = []
      instance.promised = []
      if (random.chance(0.2)) instance.read.clear()
    }
    for (const id of this.taskIds) {
      if (STATEFUL(id)) this.ends.set(id, (this.ends.get(id) ?? 0) + random.int(random.chance(0.1) ? 2_000 : 60))
    }
    for (const instance of this.up()) {
      for (const id of tasksOf(instance.owned).filter(STATEFUL)) this.readOn(instance, id, 1)
      for (const id of instance.standbys) this.readOn(instance, id, random.chance(0.6) ? 1 : random.next())
    }
  }

  /** Active tasks are up to date; standbys get through a share of what lies before them. */
  private readOn(instance: Instance, id: string, share: number): void {
    const from = instance.read.get(id) ?? 0
    instance.read.set(id, from + Math.ceil(((this.ends.get(id) ?? 0) - from) * share))
  }

  private up(): Instance[] {
    return this.instances.filter(({ isUp }) => isUp)
  }

  private lagOf(instance: Instance, id: string): number {
    return (this.ends.get(id) ?? 0) - (instance.read.get(id) ?? 0)
  }

  private members(): AssignorMember[] {
    return this.up().map((instance) => {
      const lags = this.taskIds.filter(STATEFUL).map((id): [string, TaskLag] => {
        return [id, { lag: this.lagOf(instance, id), isHeld: instance.read.has(id) }]
      })
      const { standbys, promised } = instance
      const userData = encodeMemberInfo({ address: null, lags: new Map(lags), standbys, promised })
      return {
        memberId: instance.id,
        instanceId: null,
        topics: [...this.counts.keys()],
        owned: instance.owned,
        userData,
      }
    })
  }

  private ask(members = this.members()): ReadonlyMap<string, MemberAssignment> {
    const options = { standbyReplicas: this.replicas, acceptableRecoveryLag: ACCEPTABLE }
    return taskAssignor(GROUPS, options).assign(members, this.counts)
  }

  private assignAndCheck(): void {
    const before = new Map(this.up().map((instance) => [instance.id, tasksOf(instance.owned)]))
    const answer = this.ask()
    expect([...this.ask([...this.members()].reverse())].sort(), this.message).toEqual([...answer].sort())
    const plans = this.plansOf(answer)
    if (plans.length === 0) return
    this.checkOwners(plans)
    this.checkReadiness(plans, before)
    this.checkStandbys(plans)
    this.checkStickiness(plans, before)
    this.handOver(plans)
    for (const { instance, assignment, info } of plans) this.take(instance, assignment, info)
    const again = this.plansOf(this.ask())
    expect(again.map(shape), `${this.message}: the same again`).toEqual(plans.map(shape))
  }

  /** On Kafka a task that moves is given up in one round and given on in the next, in which nobody owns it. */
  private handOver(plans: readonly Plan[]): void {
    const name = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`
    const owners = new Map(this.up().flatMap(({ id, owned }) => owned.map((one) => [name(one), id] as const)))
    for (const { instance, assignment, info } of plans) {
      const given = assignment.partitions.filter((one) => (owners.get(name(one)) ?? instance.id) === instance.id)
      this.take(instance, { ...assignment, partitions: given }, info)
    }
    const second = this.plansOf(this.ask())
    const tasks = (all: readonly Plan[]) => all.map((plan) => [...plan.tasks].sort())
    expect(tasks(second), `${this.message}: the second round`).toEqual(tasks(plans))
  }

  private plansOf(answer: ReadonlyMap<string, MemberAssignment>): Plan[] {
    return this.up().map((instance) => {
      const assignment = answer.get(instance.id) as MemberAssignment
      return {
        instance,
        assignment,
        info: decodeAssignmentInfo(assignment.userData),
        tasks: tasksOf(assignment.partitions),
      }
    })
  }

  /** What an instance does with its assignment; the tasks it runs are restored in no time. */
  private take(instance: Instance, { partitions }: MemberAssignment, { active, standbys }: AssignmentInfo): void {
    instance.promised = active
    instance.owned = partitions
    instance.standbys = standbys
    for (const id of tasksOf(partitions)) if (STATEFUL(id)) this.readOn(instance, id, 1)
    for (const id of standbys) this.readOn(instance, id, 0)
  }

  private checkOwners(plans: readonly Plan[]): void {
    const all = plans.flatMap(({ tasks }) => tasks)
    expect([...all].sort(), `${this.message}: each task has one owner`).toEqual([...this.taskIds].sort())
    for (const { assignment } of plans) {
      const of = (name: string) => assignment.partitions.filter(({ topic }) => topic === name).map((p) => p.partition)
      expect(of('commands'), `${this.message}: partitions of a task are together`).toEqual(of('events'))
    }
    if (plans.some(({ info }) => info.warmUps.length > 0)) return
    for (const counted of [(id: string) => id !== '', STATEFUL]) {
      const sizes = plans.map(({ tasks }) => tasks.filter(counted).length)
      expect(Math.max(...sizes) - Math.min(...sizes), `${this.message}: ${sizes} is even`).toBeLessThanOrEqual(1)
    }
  }

  /** A task runs where it ran, or where it can start soon, unless nobody is nearer. */
  private checkReadiness(plans: readonly Plan[], before: ReadonlyMap<string, readonly string[]>): void {
    for (const { instance, tasks } of plans) {
      for (const id of tasks.filter(STATEFUL)) {
        if (before.get(instance.id)?.includes(id) || this.lagOf(instance, id) <= ACCEPTABLE) continue
        const ran = plans.filter((plan) => before.get(plan.instance.id)?.includes(id))
        expect(ran, `${this.message}: ${id} left its owner for ${instance.id}, which is behind`).toEqual([])
        const held = plans.filter((plan) => plan.instance.read.has(id)).map((plan) => this.lagOf(plan.instance, id))
        const least = Math.min(Infinity, ...held)
        expect(this.lagOf(instance, id), `${this.message}: ${id} starts where little is to read`).toBeLessThanOrEqual(
          least,
        )
      }
    }
  }

  private checkStandbys(plans: readonly Plan[]): void {
    for (const { instance, info, tasks } of plans) {
      expect(new Set(info.standbys).size, this.message).toBe(info.standbys.length)
      const both = info.standbys.filter((id) => tasks.includes(id))
      expect(both, `${this.message}: ${instance.id} follows what it runs`).toEqual([])
      expect(info.standbys, this.message).toEqual(expect.arrayContaining([...info.warmUps]))
    }
    for (const id of this.taskIds) {
      const followers = plans.filter(({ info }) => info.standbys.includes(id) && !info.warmUps.includes(id))
      const warming = plans.filter(({ info }) => info.warmUps.includes(id)).length
      const most = Math.min(this.replicas, plans.length - 1 - warming)
      expect(followers.length, `${this.message}: followers of ${id}`).toBe(STATEFUL(id) ? most : 0)
    }
  }

  /**
   * Who stays keeps as many tasks with state as its share. Where tasks had lost their owner one more of them may be
   * where its state is, and in exchange somebody who is ready takes over another one.
   */
  private checkStickiness(plans: readonly Plan[], before: ReadonlyMap<string, readonly string[]>): void {
    const stateful = this.taskIds.filter(STATEFUL)
    const floor = Math.floor(stateful.length / plans.length)
    const orphans = stateful.filter((id) => ![...before.values()].flat().includes(id))
    for (const { instance, tasks } of plans) {
      const had = (before.get(instance.id) ?? []).filter(STATEFUL)
      const gone = had.filter((id) => !tasks.includes(id))
      const spared = had.length - Math.min(had.length, floor)
      if (orphans.length === 0) expect(gone.length, `${this.message}: ${instance.id} keeps`).toBeLessThanOrEqual(spared)
      for (const id of gone) {
        const owner = plans.find((plan) => plan.tasks.includes(id)) as Plan
        const lag = this.lagOf(owner.instance, id)
        expect(lag, `${this.message}: ${id} leaves for one who is ready`).toBeLessThanOrEqual(ACCEPTABLE)
      }
    }
  }

  /** Nobody comes or goes, and standbys catch up: then it ends, evenly and without warm-ups. */
  private comeToRest(): void {
    for (let n = 0; n < 3; n++) {
      for (const instance of this.up()) for (const id of instance.standbys) this.readOn(instance, id, 1)
      this.assignAndCheck()
    }
    const plans = this.plansOf(this.ask())
    expect(
      plans.flatMap(({ info }) => info.warmUps),
      `${this.message}: nobody warms up for ever`,
    ).toEqual([])
  }
}

type Plan = {
  readonly instance: Instance
  readonly assignment: MemberAssignment
  readonly info: AssignmentInfo
  readonly tasks: readonly string[]
}

const shape = ({ tasks, info }: Plan) => ({ tasks: [...tasks].sort(), ...info })

function tasksOf(partitions: readonly TopicPartition[]): string[] {
  const name: Record<string, string> = { commands: 'state', events: 'state', repartition: 'more', words: 'plain' }
  return [...new Set(partitions.map(({ topic, partition }) => `${name[topic]}.${partition}`))]
}

test('gives each task one owner near its state, evenly, whatever members come and go', () => {
  const seed = testSeed()
  for (let run = 0; run < RUNS; run++) new History(seededRandom(seed + run)).run()
})
