import { describe, expect, test } from 'vitest'
import type { Assignor } from '../log.ts'
import { assignmentsOf, membersOf } from './group-assignment.ts'
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './group-protocol.ts'

const p = (partition: number, topic = 't') => ({ topic, partition })

function joined(...said: { id: string; owned: number[]; generation: number }[]) {
  const members = said.map(({ id, owned, generation }) => ({
    memberId: id,
    instanceId: null,
    metadata: encodeSubscription({
      topics: ['t'],
      owned: owned.map((n) => p(n)),
      generation,
      joins: 1,
      userData: null,
    }),
  }))
  return { error: 'NONE', memberId: 'a', generation: 9, isLeader: true, skipsAssignment: false, members }
}

function giving(plan: Record<string, number[]>): Assignor {
  return {
    name: 'fixed',
    assign: () =>
      new Map(Object.entries(plan).map(([id, list]) => [id, { partitions: list.map((n) => p(n)), userData: null }])),
  }
}

const given = (plan: Record<string, number[]>, ...said: Parameters<typeof joined>) => {
  const assignments = assignmentsOf(giving(plan), membersOf(joined(...said)), new Map([['t', 4]]), 9)
  return Object.fromEntries(
    assignments.map(({ memberId, assignment }) => {
      const { partitions, withheld } = decodeAssignment(assignment)
      return [memberId, [partitions.map(({ partition }) => partition), withheld]]
    }),
  )
}

describe('what members write to each other', () => {
  test('comes back as it was written', () => {
    const says = {
      topics: ['t', 'größe'],
      owned: [p(1), p(0), p(2, 'u')],
      generation: 4,
      joins: 7,
      userData: Buffer.from('x'),
    }
    expect(decodeSubscription(encodeSubscription(says))).toEqual(says)
    const nothing = { topics: [], owned: [], generation: -1, joins: 0, userData: null }
    expect(decodeSubscription(encodeSubscription(nothing))).toEqual(nothing)
    for (const userData of [null, Buffer.alloc(0), Buffer.from('standbys')]) {
      const assignment = { partitions: [p(3), p(1, 'u')], generation: 12, withheld: 2, userData }
      expect(decodeAssignment(encodeAssignment(assignment))).toEqual(assignment)
    }
    expect(decodeAssignment(Buffer.alloc(0)).partitions).toEqual([])
  })
})

describe('the leader of a group', () => {
  test('gives what is free at once', () => {
    const said = [
      { id: 'a', owned: [], generation: -1 },
      { id: 'b', owned: [], generation: -1 },
    ]
    expect(given({ a: [0, 1], b: [2, 3] }, ...said)).toEqual({ a: [[0, 1], 0], b: [[2, 3], 0] })
  })

  test('gives what moves to nobody until its owner has handed it over', () => {
    const before = [
      { id: 'a', owned: [0, 1, 2, 3], generation: 8 },
      { id: 'b', owned: [], generation: -1 },
    ]
    expect(given({ a: [0, 1], b: [2, 3] }, ...before)).toEqual({ a: [[0, 1], 0], b: [[], 2] })
    const after = [
      { id: 'a', owned: [0, 1], generation: 9 },
      { id: 'b', owned: [], generation: -1 },
    ]
    expect(given({ a: [0, 1], b: [2, 3] }, ...after)).toEqual({ a: [[0, 1], 0], b: [[2, 3], 0] })
  })

  test('believes the newest claim where two members claim the same', () => {
    const members = membersOf(
      joined({ id: 'a', owned: [0, 1], generation: 5 }, { id: 'b', owned: [1, 2], generation: 8 }),
    )
    expect(members.map(({ owned }) => owned.map(({ partition }) => partition))).toEqual([[0], [1, 2]])
  })
})
