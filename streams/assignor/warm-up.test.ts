import { expect, test } from 'vitest'
import type { AssignorMember } from '../log/log.ts'
import { decodeAssignmentInfo } from './assignment-info.ts'
import { type TaskAssignorOptions, taskAssignor } from './assignor.ts'
import { encodeMemberInfo, type TaskLag } from './member-info.ts'

const ACCEPTABLE = 100

type Says = {
  readonly owns?: readonly number[]
  readonly lags?: Readonly<Record<number, number>>
  readonly standbys?: readonly number[]
  readonly promised?: readonly number[]
  readonly address?: string
}

/** A member of an application with one sub-topology `t`; the tasks in `lags` are those whose state it holds. */
function member(
  memberId: string,
  { owns = [], lags = {}, standbys = [], promised = [], address }: Says = {},
): AssignorMember {
  const held = Object.entries(lags).map(([n, lag]): [string, TaskLag] => [`t.${n}`, { lag, isHeld: true }])
  const nothing = [0, 1, 2, 3].map((n): [string, TaskLag] => [`t.${n}`, { lag: 50_000, isHeld: false }])
  return {
    ...{ memberId, instanceId: null, topics: ['t'] },
    owned: owns.map((partition) => ({ topic: 't', partition })),
    userData: encodeMemberInfo({
      address: address ?? null,
      lags: new Map([...nothing, ...held]),
      standbys: standbys.map((n) => `t.${n}`),
      promised: promised.map((n) => `t.${n}`),
    }),
  }
}

/** What each member gets, in words: `0,1 follows 2 warms 3`. */
function assign(members: readonly AssignorMember[], options: TaskAssignorOptions = {}, partitions = 4) {
  const assignor = taskAssignor([{ name: 't', topics: ['t'], isStateful: true }], {
    acceptableRecoveryLag: ACCEPTABLE,
    ...options,
  })
  const answer = assignor.assign(members, new Map([['t', partitions]]))
  const words = [...answer].map(([id, { partitions: mine, userData }]) => {
    const { standbys, warmUps } = decodeAssignmentInfo(userData)
    const numbers = (ids: readonly string[]) => ids.map((one) => one.slice(2)).join()
    const follows = numbers(standbys.filter((one) => !warmUps.includes(one)))
    return `${id}: ${mine.map((one) => one.partition).sort()} follows ${follows} warms ${numbers(warmUps)}`
  })
  return words.sort()
}

test('lets a member without state warm up first, while the tasks stay where they run', () => {
  expect(assign([member('a', { owns: [0, 1, 2, 3] }), member('b')])).toEqual([
    'a: 0,1,2,3 follows  warms ',
    'b:  follows  warms 2,3',
  ])
})

test('moves each task as soon as its warm-up has caught up', () => {
  const a = member('a', { owns: [0, 1, 2, 3] })
  expect(assign([a, member('b', { lags: { 2: ACCEPTABLE + 1, 3: ACCEPTABLE }, standbys: [2, 3] })])).toEqual([
    'a: 0,1,2 follows  warms ',
    'b: 3 follows  warms 2',
  ])
  expect(assign([member('a', { owns: [0, 1, 2] }), member('b', { owns: [3], lags: { 2: 5 } })])).toEqual([
    'a: 0,1 follows  warms ',
    'b: 2,3 follows  warms ',
  ])
})

test('gives up for balance what the other one has caught up with already', () => {
  const b = member('b', { lags: { 0: 0, 1: 40 }, standbys: [0, 1] })
  expect(assign([member('a', { owns: [0, 1, 2, 3] }), b])).toEqual(['a: 2,3 follows  warms ', 'b: 0,1 follows  warms '])
})

test('promotes the standby with the least lag when an owner is gone', () => {
  const members = [
    member('b', { owns: [1], lags: { 0: 90 } }),
    member('c', { owns: [2], lags: { 0: 3 } }),
    member('d', { owns: [3] }),
  ]
  expect(assign(members)).toEqual(['b: 1 follows  warms ', 'c: 0,2 follows  warms ', 'd: 3 follows  warms '])
})

test('starts where the least is to read when nobody has caught up, and warms up whoever is to have it', () => {
  const members = [member('a', { owns: [0, 1], lags: { 2: 900, 3: 700 } }), member('b')]
  expect(assign(members)).toEqual(['a: 0,1,2,3 follows  warms ', 'b:  follows  warms 2,3'])
  // Nobody has anything: then there is nothing to wait for.
  expect(assign([member('a'), member('b')])).toEqual(['a: 0,2 follows  warms ', 'b: 1,3 follows  warms '])
})

test('gives a task to whom it was given in the round before, once nobody has it any more', () => {
  const says = { lags: { 0: 0, 2: 0, 3: 0 } }
  const members = [
    member('a', { owns: [0, 1], ...says }),
    member('b', { owns: [3], lags: { 2: 90 }, promised: [2, 3] }),
  ]
  expect(assign(members)).toEqual(['a: 0,1 follows  warms ', 'b: 2,3 follows  warms '])
  // Where somebody has it still, that one has it.
  const early = [member('a', { owns: [0, 1, 2] }), member('b', { promised: [2] })]
  expect(assign(early, {}, 3)).toEqual(['a: 0,1,2 follows  warms ', 'b:  follows  warms 2'])
})

test('gives small state away at once', () => {
  const small = encodeMemberInfo({
    ...{ address: null, standbys: [], promised: [] },
    lags: new Map([0, 1, 2, 3].map((n) => [`t.${n}`, { lag: ACCEPTABLE, isHeld: false }])),
  })
  const b = { ...member('b'), userData: small }
  expect(assign([member('a', { owns: [0, 1, 2, 3] }), b])).toEqual(['a: 0,1 follows  warms ', 'b: 2,3 follows  warms '])
})

test('puts standbys on other members than the active one, where the state is, and evenly', () => {
  const members = [
    member('a', { owns: [0, 1], lags: { 2: 5 } }),
    member('b', { owns: [2] }),
    member('c', { owns: [3], lags: { 0: 9 } }),
  ]
  expect(assign(members, { standbyReplicas: 1 })).toEqual([
    'a: 0,1 follows 2,3 warms ',
    'b: 2 follows 1 warms ',
    'c: 3 follows 0 warms ',
  ])
  expect(assign([member('a', { owns: [0, 1, 2, 3] })], { standbyReplicas: 1 })).toEqual(['a: 0,1,2,3 follows  warms '])
})

test('keeps a standby where it is, also where the one that ran the task before has its state', () => {
  const members = [
    member('a', { owns: [1, 2], lags: { 0: 0 } }),
    member('b', { owns: [0], standbys: [1], lags: { 1: 9 } }),
    member('c', { owns: [3], standbys: [0], lags: { 0: 4 } }),
  ]
  const [, , c] = assign(members, { standbyReplicas: 1 })
  expect(c).toMatch(/^c: 3 follows 0/)
})

test('follows every task with state as often as there are members for it, and no other', () => {
  const assignor = taskAssignor([{ name: 't', topics: ['t'] }], { standbyReplicas: 2 })
  const answer = assignor.assign([member('a'), member('b')], new Map([['t', 4]]))
  for (const { userData } of answer.values()) expect(decodeAssignmentInfo(userData).standbys).toEqual([])
  expect(assign([member('a'), member('b')], { standbyReplicas: 5 })).toEqual([
    'a: 0,2 follows 1,3 warms ',
    'b: 1,3 follows 0,2 warms ',
  ])
})

test('tells every member who has what, of those that answer queries', () => {
  const members = [
    member('a', { owns: [0, 1], address: 'a:1' }),
    member('b', { owns: [2, 3], address: 'b:2' }),
    member('c', { lags: { 0: 1 } }),
  ]
  const assignor = taskAssignor([{ name: 't', topics: ['t'], isStateful: true }], { standbyReplicas: 1 })
  const answer = assignor.assign(members, new Map([['t', 4]]))
  const told = [...answer.values()].map(({ userData }) => decodeAssignmentInfo(userData).holders)
  expect(new Set(told.map((holders) => JSON.stringify(holders))).size).toBe(1)
  expect(told[0]?.map(({ address, active }) => `${address} ${active}`)).toEqual(['a:1 t.0,t.1', 'b:2 t.2,t.3'])
  for (const { active, standbys } of told[0] ?? []) expect(standbys.filter((id) => active.includes(id))).toEqual([])
})
