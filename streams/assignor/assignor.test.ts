import { expect, test } from 'vitest'
import type { AssignorMember, MemberAssignment, TopicPartition } from '../log/log.ts'
import { taskAssignor } from './assignor.ts'
import { encodeMemberInfo } from './member-info.ts'

type Assignment = ReadonlyMap<string, MemberAssignment>
const GROUPS = [
  { name: 'main', topics: ['commands', 'events'], isStateful: true },
  { name: 'by-merchant', topics: ['repartition'], isStateful: true },
]
const COUNTS = new Map([['commands', 4], ['events', 4], ['repartition', 4]]) // biome-ignore format: a table
const TASKS = ['main', 'by-merchant'].flatMap((name) => [0, 1, 2, 3].map((n) => `${name}.${n}`))

const member = (memberId: string, owned: readonly TopicPartition[] = [], held: string[] = []): AssignorMember => ({
  memberId,
  instanceId: null,
  topics: [...COUNTS.keys()],
  owned,
  // Nobody is far behind: who holds nothing would have to read 500 records.
  userData: encodeMemberInfo({
    ...{ address: null, standbys: [], promised: [] },
    lags: new Map(TASKS.map((id) => [id, held.includes(id) ? { lag: 3, isHeld: true } : { lag: 500, isHeld: false }])),
  }),
})
const tasksOf = (assignment: Assignment, memberId: string): string[] => {
  const names = (assignment.get(memberId)?.partitions ?? []).map(({ topic, partition }) =>
    topic === 'repartition' ? `by-merchant.${partition}` : `main.${partition}`,
  )
  return [...new Set(names)].sort()
}

test('gives one member everything', () => {
  const assignment = taskAssignor(GROUPS).assign([member('a')], COUNTS)
  expect(assignment.get('a')?.partitions).toHaveLength(12)
  expect(tasksOf(assignment, 'a')).toHaveLength(8)
})

test('keeps the partitions of a task together', () => {
  const assignment = taskAssignor(GROUPS).assign([member('a'), member('b'), member('c')], COUNTS)
  for (const { partitions } of assignment.values()) {
    const of = (topic: string) => partitions.filter((p) => p.topic === topic).map((p) => p.partition)
    expect(of('commands').sort()).toEqual(of('events').sort())
  }
})

test('balances sub-topologies over the members, not only the number of tasks', () => {
  const assignment = taskAssignor(GROUPS).assign([member('a'), member('b')], COUNTS)
  for (const id of ['a', 'b']) {
    expect(tasksOf(assignment, id).filter((task) => task.startsWith('main'))).toHaveLength(2)
  }
})

test('moves nothing when nothing changed, and only what balance asks for when a member comes', () => {
  const assignor = taskAssignor(GROUPS)
  const first = assignor.assign([member('b'), member('c')], COUNTS)
  const again = assignor.assign(
    [member('b', first.get('b')?.partitions), member('c', first.get('c')?.partitions)],
    COUNTS,
  )
  expect(again).toEqual(first)
  const grown = assignor.assign(
    [member('a'), member('b', first.get('b')?.partitions), member('c', first.get('c')?.partitions)],
    COUNTS,
  )
  expect(tasksOf(grown, 'a')).toHaveLength(2)
  for (const id of ['b', 'c']) {
    expect(tasksOf(first, id)).toEqual(expect.arrayContaining(tasksOf(grown, id)))
    expect(tasksOf(grown, id)).toHaveLength(3)
  }
})

test('gives the tasks of a member that left to the others, who keep theirs', () => {
  const assignor = taskAssignor(GROUPS)
  const before = assignor.assign([member('a'), member('b'), member('c')], COUNTS)
  const after = assignor.assign(
    [member('a', before.get('a')?.partitions), member('c', before.get('c')?.partitions)],
    COUNTS,
  )
  for (const id of ['a', 'c']) {
    expect(tasksOf(after, id)).toEqual(expect.arrayContaining(tasksOf(before, id)))
    expect(tasksOf(after, id)).toHaveLength(4)
  }
})

test('sends tasks back to where their state is on disk, as far as balance allows', () => {
  const assignor = taskAssignor(GROUPS)
  const mine = ['main.0', 'main.3', 'by-merchant.1', 'by-merchant.2']
  const assignment = assignor.assign([member('a', [], mine), member('b')], COUNTS)
  expect(tasksOf(assignment, 'a')).toEqual([...mine].sort())
  const greedy = assignor.assign([member('a', [], [...mine, 'main.1', 'main.2']), member('b')], COUNTS)
  expect(tasksOf(greedy, 'a')).toHaveLength(4)
})

test('refuses topics of a sub-topology that differ in their number of partitions', () => {
  const counts = new Map([['commands', 2], ['events', 3], ['repartition', 1]]) // biome-ignore format: a table
  expect(() => taskAssignor(GROUPS).assign([member('a')], counts)).toThrow(/commands with 2 .* events with 3/)
})
