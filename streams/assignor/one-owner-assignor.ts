import type { Assignor } from '../log/log.ts'

/**
 * Gives everything to one member, and keeps it there while that one is in the group: for work that has one writer, with
 * others that stand by.
 */
export const oneOwnerAssignor: Assignor = {
  name: 'one-owner',
  assign: (members, counts) => {
    const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    const owner = sorted.find(({ owned }) => owned.length > 0) ?? sorted[0]
    const all = [...counts].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    )
    return new Map(members.map((one) => [one.memberId, { partitions: one === owner ? all : [], userData: null }]))
  },
}
