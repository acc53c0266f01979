import { expect, test } from 'vitest'
import type { AssignorMember, MemberAssignment, TopicPartition } from '../log/log.ts'
import { seededRandom, testSeed } from '../testing/seed.ts'
import { decodeHeldTasks, encodeHeldTasks, taskAssignor } from './assignor.ts'

type Assignment = ReadonlyMap<string, MemberAssignment>
const GROUPS = [
  { name: 'main', topics: ['commands', 'events'] },
  { name: 'by-merchant', topics: ['repartition'] },
]
const COUNTS = new Map([['commands', 4], ['events', 4], ['repartition', 4]]) // biome-ignore format: a table

const member = (memberId: string, owned: readonly TopicPartition[] = [], held: string[] = []): AssignorMember => ({
  memberId,
  instanceId: null,
  topics: [...COUNTS.keys()],
  owned,
  userData: held.length === 0 ? null : encodeHeldTasks(held),
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

test('makes as many tasks as the widest topic of a sub-topology has partitions', () => {
  const counts = new Map([['commands', 2], ['events', 3], ['repartition', 1]]) // biome-ignore format: a table
  const assignment = taskAssignor(GROUPS).assign([member('a')], counts)
  expect(tasksOf(assignment, 'a')).toEqual(['by-merchant.0', 'main.0', 'main.1', 'main.2'])
})

test('reads what a member holds, and takes anything else for nothing held', () => {
  expect(decodeHeldTasks(encodeHeldTasks(['b.1', 'a.0']))).toEqual(new Set(['a.0', 'b.1']))
  for (const bad of ['', '{', '{}', '[1,null]']) expect(decodeHeldTasks(Buffer.from(bad))).toEqual(new Set())
})

test('gives each task to exactly one member, evenly, whatever members come and go', () => {
  const random = seededRandom(testSeed())
  const assignor = taskAssignor(GROUPS)
  let owned: Assignment = new Map()
  for (let round = 0; round < 200; round++) {
    const message = `seed ${random.seed}, round ${round}`
    const ids = ['a', 'b', 'c', 'd', 'e'].filter(() => random.chance(0.6))
    const members = ids.map((id) =>
      member(id, random.chance(0.8) ? owned.get(id)?.partitions : [], [`main.${random.int(4)}`]),
    )
    owned = assignor.assign(members, COUNTS)
    const shares = ids.map((id) => tasksOf(owned, id))
    expect(shares.flat().sort(), message).toEqual(ids.length === 0 ? [] : [...new Set(shares.flat())].sort())
    expect(shares.flat(), message).toHaveLength(ids.length === 0 ? 0 : 8)
    const sizes = shares.map((share) => share.length)
    if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes), message).toBeLessThanOrEqual(1)
    const shuffled = assignor.assign([...members].reverse(), COUNTS)
    for (const id of ids) expect(tasksOf(shuffled, id), message).toEqual(tasksOf(owned, id))
  }
})
