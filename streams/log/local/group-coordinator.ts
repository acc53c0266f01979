import { StreamsError } from '../../errors.ts'
import type {
  AssignorMember,
  GroupDescription,
  GroupEpoch,
  GroupMember,
  JoinGroupOptions,
  Position,
  TopicPartition,
} from '../log.ts'
import { type AskedAssignor, type GroupPlan, NOTHING, partitionName, planGroup, without } from './group-plan.ts'

/** As `JoinGroupOptions`; the assignor may be on another thread. */
export type JoinLocalGroupOptions = Omit<JoinGroupOptions, 'assignor'> & { readonly assignor: AskedAssignor }

type Member = {
  readonly memberId: string
  readonly options: JoinLocalGroupOptions
  assigned: readonly TopicPartition[]
  /** The names of `assigned`, for the check of each transaction. */
  owned: ReadonlySet<string>
  /** What it last said of itself. */
  said: Buffer | null
  /** False until it has heard of `assigned`: what it has not heard of it cannot hand over, and need not. */
  isTold: boolean
}

type Group = {
  readonly name: string
  generation: number
  readonly members: Map<string, Member>
  /** The end of the last rebalance asked for: they run one after the other. */
  turn: Promise<void>
}

/** What the coordinator must know of the log, and how patient it is. */
export type GroupCoordinatorOptions = {
  /** @throws StreamsError LOG_UNKNOWN_TOPIC */
  readonly partitionCount: (topic: string) => number
  /** A member that has not handed over after so many milliseconds loses its membership. */
  readonly handOverMsMax: number
}

/**
 * Consumer groups inside one process. A rebalance is incremental: the partitions that move are revoked under the old
 * epoch, which is good until all have been handed over; then the generation goes up in one step for everyone. Members
 * whose partitions stay go on reading all the while.
 *
 * Invariant: a partition has one owner in a generation, and only the present generation commits.
 */
export class GroupCoordinator {
  private readonly options: GroupCoordinatorOptions
  private readonly groups = new Map<string, Group>()
  private joined = 0

  constructor(options: GroupCoordinatorOptions) {
    this.options = options
  }

  /** @throws StreamsError LOG_UNKNOWN_TOPIC, LOG_ASSIGNOR_DIFFERS, LOG_ASSIGNMENT_INVALID; what onAssigned throws */
  async join(options: JoinLocalGroupOptions): Promise<GroupMember> {
    for (const topic of options.topics) this.options.partitionCount(topic)
    const group = this.group(options.group)
    const memberId = `${options.group}-${++this.joined}`
    const member: Member = { memberId, options, assigned: [], owned: new Set(), said: null, isTold: false }
    await this.inTurn(group, async () => {
      this.assertSameAssignor(group, options)
      await this.takePlace(group, member)
      group.members.set(memberId, member)
      await this.rebalance(group, member)
    })
    let epoch: GroupEpoch = { group: group.name, memberId, generation: group.generation }
    return {
      memberId,
      epoch: () => {
        const current = group.members.has(memberId) && epoch.generation !== group.generation
        if (current) epoch = { group: group.name, memberId, generation: group.generation }
        return epoch
      },
      assigned: () => member.assigned,
      rejoin: () => this.rejoin(group, member),
      leave: () => this.leave(group, member),
    }
  }

  /** Takes a member out as a broker does that has not heard of it for too long: fenced at once, told by onLost. */
  async expel(groupName: string, memberId: string): Promise<void> {
    const group = this.group(groupName)
    const member = group.members.get(memberId)
    if (member === undefined) return
    const told = this.lose(group, member)
    await this.inTurn(group, async () => {
      await told
      await this.rebalance(group, null)
    })
  }

  /**
   * Lets a transaction pass whose epoch is the group's current one, and whose positions are the member's to move.
   * @throws StreamsError LOG_FENCED
   */
  assertCurrent({ group: name, memberId, generation }: GroupEpoch, positions: readonly Position[]): void {
    const group = this.groups.get(name)
    const member = group?.members.get(memberId)
    if (group === undefined || member === undefined) throw fenced(`${memberId} is not a member of group ${name} now`)
    if (generation !== group.generation) {
      throw fenced(`group ${name} is in generation ${group.generation}, and ${memberId} spoke for ${generation}`)
    }
    for (const position of positions) {
      if (member.owned.has(partitionName(position))) continue
      throw fenced(`${partitionName(position)} does not belong to ${memberId} of group ${name}`)
    }
  }

  hasMembers(name: string): boolean {
    return (this.groups.get(name)?.members.size ?? 0) > 0
  }

  describe(): GroupDescription[] {
    return [...this.groups.values()].map(({ name, generation, members }) => {
      return {
        group: name,
        generation,
        members: [...members.values()].map(({ memberId, assigned }) => ({ memberId, assigned })),
      }
    })
  }

  private group(name: string): Group {
    let group = this.groups.get(name)
    if (group === undefined) {
      group = { name, generation: 0, members: new Map(), turn: Promise.resolve() }
      this.groups.set(name, group)
    }
    return group
  }

  /**
   * Puts a member where the one is that has its name. It counts as the owner of what that one had, so that the assignor
   * can leave it there; nobody has to hand anything over for it.
   */
  private async takePlace(group: Group, member: Member): Promise<void> {
    const { instanceId } = member.options
    if (instanceId === undefined) return
    const older = [...group.members.values()].find(({ options }) => options.instanceId === instanceId)
    if (older === undefined) return
    const { assigned } = older
    await this.lose(group, older)
    own(member, assigned)
  }

  private async rejoin(group: Group, member: Member): Promise<void> {
    await this.inTurn(group, async () => {
      if (group.members.has(member.memberId)) await this.rebalance(group, null)
    })
  }

  private inTurn<T>(group: Group, step: () => Promise<T>): Promise<T> {
    const mine = group.turn.then(step)
    group.turn = mine.then(
      () => {},
      () => {},
    )
    return mine
  }

  private async leave(group: Group, member: Member): Promise<void> {
    await this.inTurn(group, async () => {
      if (!group.members.has(member.memberId)) return
      const staying = (one: Member) => one !== member
      let plan: GroupPlan
      let unwilling: readonly Failure[]
      try {
        const mute = await this.hear(group, staying)
        plan = await this.plan(group, staying)
        unwilling = [...mute, ...(await this.revoke(group, plan))]
      } finally {
        group.members.delete(member.memberId)
        own(member, [])
      }
      const others = unwilling.filter((failure) => failure.member !== member)
      if (others.length > 0) await this.goOnWithout(group, others, null)
      else await this.settle(group, plan, null)
      const mine = unwilling.find((failure) => failure.member === member)
      if (mine !== undefined) throw mine.error
    })
  }

  /** One hand-over. Where a member fails in it, it is out, and another follows. */
  private async rebalance(group: Group, joining: Member | null): Promise<void> {
    const mute = await this.hear(group)
    if (mute.length > 0) return this.goOnWithout(group, mute, joining)
    let plan: GroupPlan
    try {
      plan = await this.plan(group)
    } catch (error) {
      if (joining !== null) group.members.delete(joining.memberId)
      throw error
    }
    const unwilling = await this.revoke(group, plan)
    if (unwilling.length > 0) return this.goOnWithout(group, unwilling, joining)
    await this.settle(group, plan, joining)
  }

  private async settle(group: Group, plan: GroupPlan, joining: Member | null): Promise<void> {
    const failed = await this.assign(group, plan)
    if (failed.length > 0) await this.goOnWithout(group, failed, joining)
  }

  private async goOnWithout(group: Group, failures: readonly Failure[], joining: Member | null): Promise<void> {
    await Promise.all(failures.map(({ member }) => this.lose(group, member)))
    const mine = failures.find(({ member }) => member === joining)
    await this.rebalance(group, mine === undefined ? joining : null)
    if (mine !== undefined) throw mine.error
  }

  /** Asks each member what there is to know of it. Answers with who did not say. */
  private async hear(group: Group, of: (member: Member) => boolean = () => true): Promise<Failure[]> {
    return await this.each([...group.members.values()].filter(of), async (member) => {
      const { userData } = member.options
      member.said = userData === undefined ? null : await this.inTime(member, 'said what it holds', userData())
    })
  }

  private async plan(group: Group, of: (member: Member) => boolean = () => true): Promise<GroupPlan> {
    const members = [...group.members.values()].filter(of)
    const newest = members.at(-1)
    if (newest === undefined) return new Map()
    const seen = members.map(({ memberId, options, assigned, said }): AssignorMember => {
      const { instanceId = null, topics } = options
      return { memberId, instanceId, topics, owned: assigned, userData: said }
    })
    return await planGroup(newest.options.assignor, seen, this.options.partitionCount)
  }

  /** Asks for what moves, of all at the same time, under the epoch that still holds. Answers with who did not give. */
  private async revoke(group: Group, plan: GroupPlan): Promise<Failure[]> {
    return await this.each([...group.members.values()], async (member) => {
      if (!member.isTold) return
      const moving = without(member.assigned, (plan.get(member.memberId) ?? NOTHING).partitions)
      if (moving.length === 0) return
      await this.inTime(member, 'handed over its partitions', member.options.onRevoked(moving))
    })
  }

  /** The new generation, for all in one step; then each is told. */
  private async assign(group: Group, plan: GroupPlan): Promise<Failure[]> {
    group.generation++
    const members = [...group.members.values()]
    for (const member of members) own(member, (plan.get(member.memberId) ?? NOTHING).partitions)
    return await this.each(members, async (member) => {
      const epoch = { group: group.name, memberId: member.memberId, generation: group.generation }
      member.isTold = true
      await member.options.onAssigned(member.assigned, epoch, (plan.get(member.memberId) ?? NOTHING).userData)
    })
  }

  private async each(members: readonly Member[], step: (member: Member) => Promise<void>): Promise<Failure[]> {
    const failures: Failure[] = []
    await Promise.all(
      members.map(async (member) => {
        try {
          await step(member)
        } catch (error) {
          failures.push({ member, error })
        }
      }),
    )
    return failures
  }

  private async inTime<T>(member: Member, what: string, done: Promise<T>): Promise<T> {
    const ms = this.options.handOverMsMax
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      const message = `${member.memberId} has not ${what} within ${ms} ms. It is out of the group.`
      timer = setTimeout(() => reject(new StreamsError('LOG_HAND_OVER_TIMEOUT', message)), ms)
    })
    try {
      return await Promise.race([done, tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  private async lose(group: Group, member: Member): Promise<void> {
    const lost = member.assigned
    group.members.delete(member.memberId)
    own(member, [])
    try {
      await member.options.onLost(lost)
    } catch {
      // It is out of the group already, and what it thinks of that changes nothing for the others.
    }
  }

  private assertSameAssignor(group: Group, { assignor }: JoinLocalGroupOptions): void {
    for (const { memberId, options } of group.members.values()) {
      if (options.assignor.name === assignor.name) continue
      throw new StreamsError(
        'LOG_ASSIGNOR_DIFFERS',
        `Group ${group.name} assigns by ${options.assignor.name} (${memberId}); the new member came with ` +
          `${assignor.name}. All members of a group must have the same assignor.`,
      )
    }
  }
}

type Failure = { readonly member: Member; readonly error: unknown }

function own(member: Member, assigned: readonly TopicPartition[]): void {
  member.assigned = assigned
  member.owned = new Set(assigned.map(partitionName))
}

function fenced(why: string): StreamsError {
  const message = `The transaction is refused: ${why}. Another owner has taken over: drop what is uncommitted.`
  return new StreamsError('LOG_FENCED', message)
}
