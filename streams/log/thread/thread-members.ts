import type { GroupEpoch, GroupMember, JoinGroupOptions, TopicPartition } from '../log.ts'
import type { CallHandlers } from './call-port.ts'
import { asBuffer, type JoinedMember, type JoinOrder, type MemberCalls, type Ref } from './log-calls.ts'

/** How a member reaches the thread that has the log. */
export type MemberWays = {
  readonly join: (order: JoinOrder) => Promise<JoinedMember>
  readonly rejoin: (ref: Ref, reason: string) => Promise<null>
  readonly leave: (ref: Ref, keepsPlace: boolean) => Promise<null>
}

type Member = {
  readonly options: JoinGroupOptions
  /** As it was told last; what it is told it knows before it is asked what it makes of it. */
  epoch: GroupEpoch
  assigned: readonly TopicPartition[]
}

/** The places in groups that a thread has on the log of another one: keeps what each was told, and answers for it. */
export class ThreadMembers {
  private readonly members = new Map<Ref, Member>()
  private lastRef = 0

  /** Joins, as `Log.joinGroup`. */
  async join(options: JoinGroupOptions, ways: MemberWays): Promise<GroupMember> {
    const { group, topics, assignor, instanceId, userData } = options
    const ref = ++this.lastRef
    const member: Member = { options, epoch: { group, memberId: '', generation: -1 }, assigned: [] }
    this.members.set(ref, member)
    const order = { ref, group, topics, assignorName: assignor.name, instanceId, hasUserData: userData !== undefined }
    const { memberId } = await ways.join(order).catch((error: unknown) => {
      this.members.delete(ref)
      throw error
    })
    return {
      memberId,
      epoch: () => member.epoch,
      assigned: () => member.assigned,
      rejoin: async (reason) => {
        await ways.rejoin(ref, reason)
      },
      leave: async ({ keepsPlace } = { keepsPlace: false }) => {
        await ways.leave(ref, keepsPlace)
        member.assigned = []
        this.members.delete(ref)
      },
    }
  }

  /** Answers what the thread of the log asks of a member. */
  handlers(): CallHandlers<MemberCalls> {
    return {
      assign: async ({ ref, members, partitions }) => {
        const seen = members.map((one) => ({ ...one, userData: asBuffer(one.userData) }))
        return this.of(ref).options.assignor.assign(seen, partitions)
      },
      userData: async (ref) => {
        const { userData } = this.of(ref).options
        return userData === undefined ? Buffer.alloc(0) : await userData()
      },
      assigned: async ({ ref, partitions, epoch, userData }) => {
        const member = this.of(ref)
        member.epoch = epoch
        member.assigned = partitions
        await member.options.onAssigned(partitions, epoch, asBuffer(userData))
        return null
      },
      revoked: async ({ ref, partitions }) => {
        await this.of(ref).options.onRevoked(partitions)
        return null
      },
      lost: async ({ ref, partitions }) => {
        const member = this.of(ref)
        member.assigned = []
        this.members.delete(ref)
        await member.options.onLost(partitions)
        return null
      },
    }
  }

  private of(ref: Ref): Member {
    const member = this.members.get(ref)
    if (member === undefined) throw new TypeError(`This thread has no member ${ref}.`)
    return member
  }
}
