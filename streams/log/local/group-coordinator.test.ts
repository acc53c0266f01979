import { describe, expect, test } from 'vitest'
import { evenAssignor } from '../../testing/log-suite-kit.ts'
import type { Assignor, JoinGroupOptions, TopicPartition } from '../log.ts'
import { GroupCoordinator } from './group-coordinator.ts'

const coordinator = () => new GroupCoordinator({ partitionCount: () => 4, handOverMsMax: 50 })

function options(told: string[], who: string, more: Partial<JoinGroupOptions> = {}): JoinGroupOptions {
  const say = (what: string) => async (partitions: readonly TopicPartition[]) => {
    told.push(`${who} ${what} ${partitions.map(({ partition }) => partition)}`)
  }
  return {
    group: 'g',
    topics: ['t'],
    assignor: evenAssignor,
    onAssigned: say('has'),
    onRevoked: say('gives'),
    onLost: say('lost'),
    ...more,
  }
}
const fails = async () => {
  throw new Error('cannot')
}

describe('a group', () => {
  test('tells in order: what is given, then what each has, all under one generation', async () => {
    const groups = coordinator()
    const told: string[] = []
    await groups.join(options(told, 'a'))
    await groups.join(options(told, 'b'))
    expect(told).toEqual(['a has 0,1,2,3', 'a gives 2,3', 'a has 0,1', 'b has 2,3'])
    expect(groups.describe()).toMatchObject([{ group: 'g', generation: 2 }])
  })

  test('goes on without a member that cannot hand over', async () => {
    const groups = coordinator()
    const told: string[] = []
    const a = await groups.join(options(told, 'a', { onRevoked: fails }))
    await groups.join(options(told, 'b'))
    expect(told).toEqual(['a has 0,1,2,3', 'a lost 0,1,2,3', 'b has 0,1,2,3'])
    expect(a.assigned()).toEqual([])
    await a.leave()
    expect(groups.describe()[0]?.members).toHaveLength(1)
  })

  test('goes on without a member that takes too long to hand over', async () => {
    const groups = coordinator()
    const told: string[] = []
    await groups.join(options(told, 'a', { onRevoked: () => new Promise(() => undefined) }))
    await groups.join(options(told, 'b'))
    expect(told.slice(1)).toEqual(['a lost 0,1,2,3', 'b has 0,1,2,3'])
  })

  test('lets a member that cannot take its partitions join not at all', async () => {
    const groups = coordinator()
    const told: string[] = []
    const a = await groups.join(options(told, 'a'))
    await expect(groups.join(options(told, 'b', { onAssigned: fails }))).rejects.toThrow('cannot')
    expect(told.slice(-2)).toEqual(['b lost 2,3', 'a has 0,1,2,3'])
    expect(a.assigned()).toHaveLength(4)
  })

  test('puts a member into the place of the one with its name, and interrupts nobody else for it', async () => {
    const groups = coordinator()
    const told: string[] = []
    await groups.join(options(told, 'a'))
    const old = await groups.join(options(told, 'b', { instanceId: 'x' }))
    told.length = 0
    const young = await groups.join(options(told, 'c', { instanceId: 'x' }))
    expect(told).toEqual(['b lost 2,3', 'a has 0,1', 'c has 2,3'])
    expect(() => groups.assertCurrent(old.epoch(), [])).toThrow('is not a member')
    groups.assertCurrent(young.epoch(), [{ topic: 't', partition: 2, offset: 1 }])
    await old.leave()
    expect(groups.describe()[0]?.members).toHaveLength(2)
  })

  test('loses a member whose hand-over fails as it leaves, and says so to it', async () => {
    const groups = coordinator()
    const told: string[] = []
    const a = await groups.join(options(told, 'a'))
    const b = await groups.join(options(told, 'b', { onRevoked: fails }))
    await expect(b.leave()).rejects.toThrow('cannot')
    expect(a.assigned()).toHaveLength(4)
    expect(groups.describe()[0]?.members).toHaveLength(1)
  })

  test('hears what each member says before each hand-over, and goes on without one that cannot say', async () => {
    const groups = coordinator()
    const told: string[] = []
    let says = 'one'
    const heard: string[] = []
    const assignor: Assignor = {
      name: 'even',
      assign: (members, counts) => {
        heard.push(members.map(({ userData }) => userData?.toString() ?? '-').join())
        return evenAssignor.assign(members, counts)
      },
    }
    const userData = async () => {
      if (says === '') throw new Error('cannot')
      return Buffer.from(says)
    }
    const a = await groups.join(options(told, 'a', { assignor, userData }))
    says = 'two'
    await a.rejoin('it has another word')
    await groups.join(options(told, 'b', { assignor }))
    expect(heard).toEqual(['one', 'two', 'two,-'])
    says = ''
    await a.rejoin('it has none')
    expect(told.slice(-2)).toEqual(['a lost 0,1', 'b has 2,3,0,1'])
    await a.rejoin('it is not there any more')
    await expect(groups.join(options(told, 'c', { userData }))).rejects.toThrow('cannot')
    expect(groups.describe()).toMatchObject([{ generation: 5, members: [{ memberId: 'g-2' }] }])
  })

  test('refuses a member with another assignor', async () => {
    const groups = coordinator()
    await groups.join(options([], 'a'))
    const other = { ...evenAssignor, name: 'other' }
    await expect(groups.join(options([], 'b', { assignor: other }))).rejects.toMatchObject({
      code: 'LOG_ASSIGNOR_DIFFERS',
    })
    expect(groups.describe()[0]?.members).toHaveLength(1)
  })

  const one = { topic: 't', partition: 0 }
  const given = (...partitions: TopicPartition[]) => ({ partitions, userData: null })
  test.each<[string, Assignor['assign'], RegExp]>([
    [
      'a partition twice',
      (members) => new Map(members.map(({ memberId }) => [memberId, given(one, one)])),
      /t\/0 goes to/,
    ],
    ['to a stranger', () => new Map([['nobody', given(one)]]), /nobody is not a member/],
    ['a topic not asked for', (m) => new Map([[String(m[0]?.memberId), given({ topic: 'u', partition: 0 })]]), /u\/0/],
    [
      'a partition there is not',
      (m) => new Map([[String(m[0]?.memberId), given({ topic: 't', partition: 4 })]]),
      /t\/4/,
    ],
  ])('refuses an assignor that gives %s', async (_, assign, message) => {
    const groups = coordinator()
    const joining = groups.join(options([], 'a', { assignor: { name: 'bad', assign } }))
    await expect(joining).rejects.toMatchObject({
      code: 'LOG_ASSIGNMENT_INVALID',
      message: expect.stringMatching(message),
    })
    expect(groups.describe()[0]?.members).toEqual([])
  })

  test('refuses the positions of a partition the member does not own', async () => {
    const groups = coordinator()
    const a = await groups.join(options([], 'a'))
    await groups.join(options([], 'b'))
    groups.assertCurrent(a.epoch(), [{ topic: 't', partition: 0, offset: 1 }])
    expect(() => groups.assertCurrent(a.epoch(), [{ topic: 't', partition: 3, offset: 1 }])).toThrow('t/3')
  })
})
