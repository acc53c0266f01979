import { StreamsError } from '../../errors.ts'
import type { GroupEpoch, GroupMember, JoinGroupOptions, TopicPartition } from '../log.ts'
import { refused } from './answers.ts'
import type { Cluster } from './cluster.ts'
import { assignmentsOf, membersOf, without } from './group-assignment.ts'
import { decodeAssignment, encodeSubscription } from './group-protocol.ts'
import { GroupRequests, type GroupSpeaker, type Joined } from './group-requests.ts'

/** Answers that say that we are not a member any more. */
const OUT = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])

/** Those of them that leave our name free. */
const FORGOTTEN = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION'])

/**
 * So often a member that has nothing takes its name back from another. That one may be no more than an older request of
 * ours, or of the process before us, that was late on its way; where it is a running process, one of the two must end.
 */
const TAKEN_BACK_MAX = 3

/** Thrown inside when the group has gone on without us. */
class OutOfGroup extends Error {}

/**
 * A member of a Kafka group, by the classic protocol with incremental hand-over (KIP-429): in each round it says what
 * it has, is told what it shall have, hands over what is missing from that and joins again at once, so that the next
 * round gives it to others. What stays is never interrupted.
 *
 * Invariant: callbacks run one after the other; the heartbeat goes on beside them, so that a hand-over may take long.
 */
export class KafkaMember implements GroupMember {
  private readonly cluster: Cluster
  private readonly options: JoinGroupOptions
  private readonly requests: GroupRequests
  private readonly onOver: (member: KafkaMember) => void
  private speaker: GroupSpeaker
  private generation = -1
  private owned: readonly TopicPartition[] = []
  private currentEpoch: GroupEpoch
  private isOver = false
  /** The join that is on its way; callbacks are not part of it. */
  private exchange: Promise<unknown> | undefined
  private turn: Promise<void> = Promise.resolve()
  private isRoundWanted = false
  private joins = 0
  private takenBack = 0
  /** When it was last told that it is to have more later; not where nothing is withheld. */
  private waitsSinceMs: number | null = null
  /** Resolves when nothing is withheld any more, or it is over. */
  private readonly complete = Promise.withResolvers<void>()
  private beating: NodeJS.Timeout | undefined

  private constructor(cluster: Cluster, options: JoinGroupOptions, onOver: (member: KafkaMember) => void) {
    this.cluster = cluster
    this.options = options
    this.onOver = onOver
    this.requests = new GroupRequests(cluster)
    this.speaker = { group: options.group, memberId: '', instanceId: options.instanceId ?? null }
    this.currentEpoch = { group: options.group, memberId: '', generation: -1 }
  }

  /** Joins, and resolves when all that it shall have for now has been told. @throws as `Log.joinGroup` */
  static async join(
    cluster: Cluster,
    options: JoinGroupOptions,
    onOver: (member: KafkaMember) => void,
  ): Promise<KafkaMember> {
    for (const topic of options.topics) cluster.partitionCount(topic)
    const member = new KafkaMember(cluster, options, onOver)
    try {
      await member.inTurn(() => member.round('it is new'))
    } catch (error) {
      await member.end('it could not join')
      throw error instanceof OutOfGroup ? refused(`membership of group ${options.group}`, error.message) : error
    }
    member.beating = setInterval(() => void member.beat(), cluster.options.heartbeatMs)
    await member.complete.promise
    return member
  }

  get memberId(): string {
    return this.speaker.memberId
  }

  epoch(): GroupEpoch {
    return this.currentEpoch
  }

  assigned(): readonly TopicPartition[] {
    return this.owned
  }

  async rejoin(reason: string): Promise<void> {
    if (!this.isOver) await this.startRound(reason)
  }

  async leave({ keepsPlace }: { readonly keepsPlace: boolean } = { keepsPlace: false }): Promise<void> {
    const isKnownAgain = keepsPlace && this.speaker.instanceId !== null
    await this.inTurn(async () => {
      if (this.isOver) return
      try {
        if (this.owned.length > 0) await this.inTime(this.options.onRevoked(this.owned))
      } finally {
        await this.end(isKnownAgain ? undefined : 'it leaves')
      }
    })
  }

  /** Resolves when no join is on its way: then `epoch` says what the group says. */
  async settled(): Promise<void> {
    await this.exchange?.catch(() => undefined)
  }

  /** Ends without a word to the group, as a process does that is killed. */
  async drop(): Promise<void> {
    this.isOver = true
    this.complete.resolve()
    clearInterval(this.beating)
    await this.requests.close()
    this.onOver(this)
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(step)
    this.turn = mine.catch(() => undefined)
    return mine
  }

  private async beat(): Promise<void> {
    if (this.isOver || this.exchange !== undefined) return
    const generation = this.generation
    const error = await this.requests.beat(this.speaker, generation)
    // Race: the answer may be about a generation that has passed while it was on its way.
    if (this.isOver || this.exchange !== undefined || generation !== this.generation) return
    if (error === 'REBALANCE_IN_PROGRESS') void this.startRound('the group rebalances')
    else if (error === 'NONE' && this.hasWaitedLong()) void this.startRound('it waits for what it is to have')
    else if (error !== null && OUT.has(error)) void this.inTurn(() => this.lose())
  }

  /**
   * Who is to give partitions up joins again when it has; but it may have died in between, and be back under its name
   * with what it was to keep: then nobody else would ask for another round.
   */
  private hasWaitedLong(): boolean {
    return this.waitsSinceMs !== null && performance.now() - this.waitsSinceMs > this.cluster.options.heartbeatMs * 5
  }

  /** Never rejects. One round at a time; what is wanted meanwhile is the next. */
  private async startRound(reason: string): Promise<void> {
    if (this.isRoundWanted) return
    this.isRoundWanted = true
    await this.inTurn(async () => {
      if (this.isOver) return
      try {
        await this.round(reason)
      } catch (error) {
        await this.lose(error instanceof OutOfGroup ? undefined : 'it failed in a rebalance')
      }
    })
  }

  private async round(reason: string): Promise<void> {
    for (let why = reason; ; why = 'it has handed over') {
      this.isRoundWanted = false
      const exchange = this.exchangeOnce(why)
      this.exchange = exchange
      const assignment = await exchange.finally(() => {
        this.exchange = undefined
      })
      const leaving = without(this.owned, assignment.partitions)
      if (leaving.length > 0) await this.inTime(this.options.onRevoked(leaving))
      this.owned = assignment.partitions
      await this.options.onAssigned(this.owned, this.currentEpoch, assignment.userData)
      if (assignment.withheld === 0) this.complete.resolve()
      this.waitsSinceMs = assignment.withheld === 0 ? null : performance.now()
      if (leaving.length === 0 && !this.isRoundWanted) return
    }
  }

  /** Joins and learns what is ours; the new generation holds from the answer to the join on. */
  private async exchangeOnce(reason: string) {
    for (;;) {
      const joined = await this.joinOnce(reason)
      const assignments = joined.isLeader && !joined.skipsAssignment ? await this.assign(joined) : []
      const { assignor } = this.options
      const { error, assignment } = await this.requests.sync(
        this.speaker,
        joined.generation,
        assignor.name,
        assignments,
      )
      if (error === 'NONE') return decodeAssignment(assignment)
      if (this.comesAnew(error)) continue
      if (OUT.has(error)) throw new OutOfGroup(error)
      // Somebody came or went between the two: all join again.
      if (error !== 'REBALANCE_IN_PROGRESS') throw refused(`membership of group ${this.speaker.group}`, error)
    }
  }

  private async joinOnce(reason: string): Promise<Joined> {
    const { topics, assignor, userData, group } = this.options
    for (;;) {
      const generation = this.owned.length > 0 ? this.generation : -1
      const says = { topics, owned: this.owned, generation, joins: ++this.joins }
      const metadata = encodeSubscription({ ...says, userData: (await userData?.()) ?? null })
      const joined = await this.requests.join(this.speaker, assignor.name, metadata, reason)
      const { error, memberId } = joined
      if (error === 'NONE') {
        this.speaker = { ...this.speaker, memberId }
        this.generation = joined.generation
        this.currentEpoch = { group, memberId, generation: joined.generation }
        return joined
      }
      if (error === 'MEMBER_ID_REQUIRED') this.speaker = { ...this.speaker, memberId }
      else if (this.comesAnew(error)) continue
      else if (OUT.has(error)) throw new OutOfGroup(error)
      else if (error === 'INCONSISTENT_GROUP_PROTOCOL') throw assignorDiffers(group, assignor.name)
      else if (error !== 'REBALANCE_IN_PROGRESS') throw refused(`membership of group ${group}`, error)
    }
  }

  /** Who has nothing has nothing to lose: where the group does not know it any more it comes as somebody new. */
  private comesAnew(error: string): boolean {
    if (this.owned.length > 0) return false
    const isFenced = error === 'FENCED_INSTANCE_ID' && this.takenBack < TAKEN_BACK_MAX
    if (!isFenced && !FORGOTTEN.has(error)) return false
    if (isFenced) this.takenBack++
    this.speaker = { ...this.speaker, memberId: '' }
    return true
  }

  private async assign(joined: Joined) {
    const members = membersOf(joined)
    const topics = new Set(members.flatMap((one) => [...one.topics]))
    if ([...topics].some((topic) => !this.cluster.hasTopic(topic))) {
      await this.cluster.patiently(() => this.cluster.refresh())
    }
    const counts = new Map([...topics].map((topic) => [topic, this.cluster.partitionCount(topic)] as const))
    return assignmentsOf(this.options.assignor, members, counts, joined.generation)
  }

  /** @throws StreamsError LOG_HAND_OVER_TIMEOUT; what the hand-over throws */
  private async inTime(handOver: Promise<void>): Promise<void> {
    const ms = this.cluster.options.rebalanceTimeoutMs
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      const message = `${this.memberId} has not handed over its partitions within ${ms} ms. It is out of the group.`
      timer = setTimeout(() => reject(new StreamsError('LOG_HAND_OVER_TIMEOUT', message)), ms)
    })
    try {
      await Promise.race([handOver, tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  private async lose(leavingBecause?: string): Promise<void> {
    if (this.isOver) return
    const lost = this.owned
    await this.end(leavingBecause)
    try {
      await this.options.onLost(lost)
    } catch {
      // It is out of the group already, and what it thinks of that changes nothing for the others.
    }
  }

  /** Leaves the group where there is a reason to say so. */
  private async end(reason?: string): Promise<void> {
    if (this.isOver) return
    this.isOver = true
    this.complete.resolve()
    this.owned = []
    clearInterval(this.beating)
    if (reason !== undefined && this.memberId !== '') await this.requests.leave(this.speaker, reason)
    await this.requests.close()
    this.onOver(this)
  }
}

function assignorDiffers(group: string, name: string): StreamsError {
  return new StreamsError(
    'LOG_ASSIGNOR_DIFFERS',
    `Group ${group} does not assign by ${name}. All members of a group must have the same assignor.`,
  )
}
