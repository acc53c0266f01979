/** What the leader of a group works out, so that partitions move without two owners at any time. */
import type { Assignor, AssignorMember, MemberAssignment, TopicPartition } from '../log.ts'
import { decodeSubscription, encodeAssignment } from './group-protocol.ts'
import type { Joined } from './group-requests.ts'

/** All members as the assignor sees them, each with the partitions it has and nobody has got since. */
export function membersOf(joined: Joined): AssignorMember[] {
  const said = joined.members.map((one) => ({ ...one, says: decodeSubscription(one.metadata) }))
  // A member that was out of the group for a while may still claim what others have got since: the newest claim counts.
  const newest = new Map<string, { readonly memberId: string; readonly generation: number }>()
  for (const { memberId, says } of said) {
    for (const one of says.owned) {
      const other = newest.get(nameOf(one))
      if (other === undefined || other.generation < says.generation) {
        newest.set(nameOf(one), { memberId, generation: says.generation })
      }
    }
  }
  return said.map(({ memberId, instanceId, says }) => ({
    memberId,
    instanceId,
    topics: says.topics,
    owned: says.owned.filter((one) => newest.get(nameOf(one))?.memberId === memberId),
    userData: says.userData,
  }))
}

/**
 * The assignments as they may be given now. A partition that is to move from one member to another is given to neither
 * yet: its owner sees that it is gone, hands it over and joins again, and then it is free (KIP-429).
 */
export function assignmentsOf(
  assignor: Assignor,
  members: readonly AssignorMember[],
  counts: ReadonlyMap<string, number>,
  generation: number,
): { memberId: string; assignment: Buffer }[] {
  const plan: ReadonlyMap<string, MemberAssignment> = assignor.assign(members, counts)
  const owners = new Map(members.flatMap(({ memberId, owned }) => owned.map((one) => [nameOf(one), memberId] as const)))
  return members.map(({ memberId }) => {
    const { partitions, userData } = plan.get(memberId) ?? { partitions: [], userData: null }
    const given = partitions.filter((one) => (owners.get(nameOf(one)) ?? memberId) === memberId)
    const withheld = partitions.length - given.length
    return { memberId, assignment: encodeAssignment({ partitions: given, generation, withheld, userData }) }
  })
}

/** The partitions of `all` that are not among `others`. */
export function without(all: readonly TopicPartition[], others: readonly TopicPartition[]): TopicPartition[] {
  const names = new Set(others.map(nameOf))
  return all.filter((one) => !names.has(nameOf(one)))
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
