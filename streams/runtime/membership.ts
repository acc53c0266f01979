import type { GroupEpoch, GroupMember, Log, TopicPartition } from '../log/log.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import { encodeHeldTasks, taskAssignor } from './assignor.ts'
import { heldTasks } from './held-tasks.ts'

/** Which group is joined, and who is told what becomes ours. */
export type MembershipOptions = {
  readonly topology: Topology
  readonly log: Log
  readonly backend: StoreBackend
  readonly group: string
  /** The name of the member over restarts. */
  readonly instanceId: string
  /** All partitions that are ours now. */
  readonly onAssigned: (partitions: readonly TopicPartition[]) => void
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

  /** Hands over what is still ours and leaves. Does nothing where the membership is over. */
  async leave(): Promise<void> {
    if (this.over !== 'no') return
    this.over = 'left'
    // Race: a failure may end us while we are still joining; then we are a member as soon as that is done.
    await this.joining.catch(() => undefined)
    await this.member?.leave()
  }

  private async enter(): Promise<void> {
    const { topology, log, backend, group, instanceId } = this.options
    const groups = topology.subtopologies.map(({ name, inputTopics }) => ({ name, topics: inputTopics }))
    this.member = await log.joinGroup({
      group,
      topics: topology.inputTopics(),
      assignor: taskAssignor(groups),
      userData: async () => encodeHeldTasks(await heldTasks(backend, topology)),
      instanceId,
      onAssigned: async (partitions, epoch) => {
        if (this.over !== 'no') return
        this.lastEpoch = epoch
        this.options.onAssigned(partitions)
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
}
