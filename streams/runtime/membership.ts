import { type AssignmentInfo, decodeAssignmentInfo } from '../assignor/assignment-info.ts'
import { type TaskAssignorOptions, taskAssignor } from '../assignor/assignor.ts'
import { encodeMemberInfo } from '../assignor/member-info.ts'
import type { GroupEpoch, GroupMember, Log, TopicPartition } from '../log/log.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import { taskLags } from './task-lags.ts'

/** Which group is joined, and who is told what becomes ours. */
export type MembershipOptions = {
  readonly topology: Topology
  readonly log: Log
  readonly backend: StoreBackend
  readonly group: string
  /** The name of the member over restarts. */
  readonly instanceId: string
  readonly assignment: Required<TaskAssignorOptions>
  /** Where the others reach this instance for queries; null where it answers none. */
  readonly address: string | null
  /** The tasks that are followed here now. */
  readonly standbys: () => readonly string[]
  /** All partitions that are ours now, and what else the assignor says. */
  readonly onAssigned: (partitions: readonly TopicPartition[], info: AssignmentInfo) => void
  /** Resolves when they are released. */
  readonly onRevoked: (partitions: readonly TopicPartition[]) => Promise<void>
  readonly onLost: () => void
}

/** One membership of the group, from joining to leaving or losing it. A later one is a new object. */
export class Membership {
  private readonly options: MembershipOptions
  private joining: Promise<void> = Promise.resolve()
  private member: GroupMember | undefined
  private lastEpoch: GroupEpoch | undefined
  private promised: readonly string[] = []
  private over: 'no' | 'left' | 'lost' = 'no'

  constructor(options: MembershipOptions) {
    this.options = options
  }

  get isLost(): boolean {
    return this.over === 'lost'
  }

  /** The newest epoch: while the group moves on around us, what we commit must speak for the present one. */
  epoch(): GroupEpoch {
    return this.member?.epoch() ?? (this.lastEpoch as GroupEpoch)
  }

  join(): Promise<void> {
    this.joining = this.enter()
    return this.joining
  }

  /** Gives up what is still ours and leaves; see `GroupMember.leave`. Does nothing where the membership is over. */
  async leave(options?: { readonly keepsPlace: boolean }): Promise<void> {
    if (this.over !== 'no') return
    this.over = 'left'
    // Race: a failure may end us while we are still joining; then we are a member as soon as that is done.
    await this.joining.catch(() => undefined)
    await this.member?.leave(options)
  }

  /** Asks for a new assignment, since what there is to say of this instance has changed. */
  async rejoin(reason: string): Promise<void> {
    if (this.over === 'no') await this.member?.rejoin(reason)
  }

  private async enter(): Promise<void> {
    const { topology, log, group, instanceId, assignment } = this.options
    const groups = topology.subtopologies.map(({ name, inputTopics, storeNames }) => {
      return { name, topics: inputTopics, isStateful: storeNames.length > 0 }
    })
    this.member = await log.joinGroup({
      group,
      topics: topology.inputTopics(),
      assignor: taskAssignor(groups, assignment),
      userData: () => this.describe(),
      instanceId,
      onAssigned: async (partitions, epoch, userData) => {
        if (this.over !== 'no') return
        this.lastEpoch = epoch
        const info = decodeAssignmentInfo(userData)
        this.promised = info.active
        this.options.onAssigned(partitions, info)
      },
      onRevoked: async (partitions) => {
        if (this.over !== 'lost') await this.options.onRevoked(partitions)
      },
      onLost: async () => {
        if (this.over !== 'no') return
        this.over = 'lost'
        this.options.onLost()
      },
    })
  }

  private async describe(): Promise<Buffer> {
    const { topology, log, backend, address, standbys } = this.options
    // How far we are is a hint: where the log cannot be asked now, we would rather stay in the group without it.
    const lags = await taskLags(topology, log, backend).catch(() => new Map())
    return encodeMemberInfo({ address, lags, standbys: standbys(), promised: this.promised })
  }
}
