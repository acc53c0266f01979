import { expect, test } from 'vitest'
import type { AssignorMember, TopicPartition } from '../log/log.ts'
import { oneOwnerAssignor } from './one-owner-assignor.ts'

const COUNTS = new Map([['events', 2]])
const ALL = [
  { topic: 'events', partition: 0 },
  { topic: 'events', partition: 1 },
]

function member(memberId: string, owned: readonly TopicPartition[] = []): AssignorMember {
  return { memberId, instanceId: null, topics: ['events'], owned, userData: null }
}

test.each([
  ['the only one has everything', [member('b')], 'b'],
  ['somebody has everything', [member('b'), member('a')], 'a'],
  ['whoever has it keeps it', [member('a'), member('b', ALL)], 'b'],
] as const)('%s', (_, members, owner) => {
  const assigned = oneOwnerAssignor.assign(members, COUNTS)
  expect(assigned.size).toBe(members.length)
  for (const [id, { partitions }] of assigned) expect(partitions).toEqual(id === owner ? ALL : [])
})

test('a group without members gives nothing', () => {
  expect(oneOwnerAssignor.assign([], COUNTS).size).toBe(0)
})
