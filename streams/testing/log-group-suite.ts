import { expect, test } from 'vitest'
import type { Assignor, AssignorMember, Position, Transaction } from '../log/log.ts'
import { evenAssignor, expectCode, type LogKit, record, type ToldMember, until } from './log-suite-kit.ts'

/** Membership, hand-over and fencing. */
export function logGroupSuite(kit: LogKit): void {
  const settled = async (members: readonly ToldMember[], partitions: number) => {
    await until(`${partitions} partitions have one owner each`, () => {
      const owned = members.flatMap((one) => one.owns())
      const generations = new Set(members.map(({ member }) => member.epoch().generation))
      return owned.length === partitions && new Set(owned).size === partitions && generations.size === 1
    })
  }
  const leaveAll = async (...members: readonly ToldMember[]) => {
    for (const { member } of members) await member.leave()
  }
  const consuming = ({ member }: ToldMember, ...positions: Position[]): Transaction => {
    return { records: [], consumed: { epoch: member.epoch(), positions } }
  }

  test('gives one member everything, under an epoch that commits', async () => {
    const topic = await kit.topic(3)
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    expect(one.owns()).toEqual(['0', '1', '2'])
    expect(one.told).toEqual(['assigned 0,1,2'])
    expect(one.epochs).toEqual([one.member.epoch()])
    expect(one.member.epoch()).toMatchObject({ group, memberId: one.member.memberId })
    expect(await kit.log().committed(group, [{ topic, partition: 0 }])).toEqual([])
    await kit.log().append([record(topic, 'a', { partition: 2 })])
    const position = { topic, partition: 2, offset: 1 }
    const producer = await kit.log().producer(kit.name('tx'))
    await producer.commit(consuming(one, position))
    expect(await kit.log().committed(group, [{ topic, partition: 0 }, position])).toEqual([position])
    await leaveAll(one)
  })

  test('shares partitions among one, two, three members and back, and moves only what must move', async () => {
    const topic = await kit.topic(6)
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    const two = await kit.join(group, [topic])
    await settled([one, two], 6)
    expect([one.owns().length, two.owns().length]).toEqual([3, 3])
    const three = await kit.join(group, [topic])
    await settled([one, two, three], 6)
    expect([one, two, three].map((member) => member.owns().length)).toEqual([2, 2, 2])
    // Two revocations for the two members that came; what was never revoked was never interrupted.
    const revoked = one.told.filter((line) => line.startsWith('revoked')).flatMap((line) => line.slice(8).split(','))
    expect(revoked).toHaveLength(4)
    expect(revoked.filter((partition) => one.owns().includes(partition))).toEqual([])
    await two.member.leave()
    await settled([one, three], 6)
    await three.member.leave()
    await settled([one], 6)
    const generations = one.epochs.map(({ generation }) => generation)
    expect(generations).toEqual([...new Set(generations)].sort((a, b) => a - b))
    expect(one.told).not.toContain(expect.stringMatching(/^lost/))
    await leaveAll(one)
  })

  test('hands over under the old epoch: what is committed while revoked is what the new owner reads', async () => {
    const topic = await kit.topic(2)
    const group = kit.name('group')
    await kit
      .log()
      .append([0, 1].flatMap((partition) => Array.from({ length: 9 }, () => record(topic, 'x', { partition }))))
    const producer = await kit.log().producer(kit.name('tx'))
    const first: ToldMember = await kit.join(group, [topic], {
      onRevoked: async (revoked) => {
        const positions = revoked.map(({ partition }) => ({ topic, partition, offset: 7 }))
        await producer.commit({ records: [], consumed: { epoch: first.member.epoch(), positions } })
      },
    })
    const seen: (readonly Position[])[] = []
    const second = await kit.join(group, [topic], {
      onAssigned: async (assigned) => {
        seen.push(await kit.log().committed(group, assigned))
      },
    })
    await settled([first, second], 2)
    const moved = Number(second.owns()[0])
    expect(seen.at(-1)).toEqual([{ topic, partition: moved, offset: 7 }])
    await leaveAll(first, second)
  })

  test('refuses an old generation and a member that has left, with the records they came with', async () => {
    const [topic, out] = [await kit.topic(4), await kit.topic(1)]
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    const old = one.member.epoch()
    const two = await kit.join(group, [topic])
    await settled([one, two], 4)
    const [a, b] = [await kit.log().producer(kit.name('tx')), await kit.log().producer(kit.name('tx'))]
    const mine = { topic, partition: Number(one.owns()[0]), offset: 0 }
    const zombie = { records: [record(out, 'zombie')], consumed: { epoch: old, positions: [mine] } }
    await expectCode(a.commit(zombie), 'LOG_FENCED')
    const left = two.member.epoch()
    const theirs = { topic, partition: Number(two.owns()[0]), offset: 0 }
    await two.member.leave()
    await settled([one], 4)
    const late = { records: [record(out, 'late')], consumed: { epoch: left, positions: [theirs] } }
    await expectCode(b.commit(late), 'LOG_FENCED')
    expect(await kit.values(out)).toEqual([])
    expect(await kit.log().committed(group, [mine, theirs])).toEqual([])
    const fresh = await kit.log().producer(kit.name('tx'))
    await fresh.commit(consuming(one, mine))
    expect(await kit.log().committed(group, [mine])).toEqual([mine])
    await leaveAll(one)
  })

  test('settles members that come and go at the same time', async () => {
    const topic = await kit.topic(5)
    const group = kit.name('group')
    const all = await Promise.all([1, 2, 3].map(() => kit.join(group, [topic])))
    await settled(all, 5)
    const [gone, ...staying] = all as [ToldMember, ToldMember, ToldMember]
    const [, fourth] = await Promise.all([gone.member.leave(), kit.join(group, [topic])])
    await settled([...staying, fourth], 5)
    expect(gone.owns()).toEqual([])
    await leaveAll(...staying, fourth)
  })

  test('tells the assignor what each member reads, owns and says of itself', async () => {
    const [a, b] = [await kit.topic(2), await kit.topic(1)]
    const group = kit.name('group')
    const asked: { members: readonly AssignorMember[]; counts: [string, number][] }[] = []
    const assignor = {
      name: 'even',
      assign: (...[members, counts]: Parameters<typeof evenAssignor.assign>) => {
        asked.push({ members, counts: [...counts].sort() })
        return evenAssignor.assign(members, counts)
      },
    }
    const one = await kit.join(group, [a, b], { assignor, userData: async () => Buffer.from('stores') })
    const two = await kit.join(group, [a, b], { assignor })
    await settled2(one, two)
    const last = asked.find(({ members }) => members.length === 2)
    expect(last?.counts).toEqual([[a, 2] as [string, number], [b, 1] as [string, number]].sort())
    const first = last?.members.find(({ memberId }) => memberId === one.member.memberId)
    expect([...(first?.topics ?? [])].sort()).toEqual([a, b].sort())
    expect(first?.userData?.toString()).toBe('stores')
    expect(first?.instanceId).toBeNull()
    expect(first?.owned).toHaveLength(3)
    expect(last?.members.find(({ memberId }) => memberId === two.member.memberId)?.owned).toEqual([])
    await leaveAll(one, two)
  })
  const settled2 = (...members: ToldMember[]) => {
    return until('three partitions are given', () => {
      return members.reduce((sum, { member }) => sum + member.assigned().length, 0) === 3
    })
  }

  test('asks a member anew what it says of itself when it wants another assignment', async () => {
    const topic = await kit.topic(4)
    const group = kit.name('group')
    // Everything to whoever says `all`; a member is told what it said.
    const assignor: Assignor = {
      name: 'by-word',
      assign: (members, counts) => {
        const greedy = members.find(({ userData }) => userData?.toString() === 'all')
        const plan = evenAssignor.assign(greedy === undefined ? members : [greedy], counts)
        return new Map(
          members.map(({ memberId, userData }) => [
            memberId,
            {
              partitions: plan.get(memberId)?.partitions ?? [],
              userData: userData && Buffer.from(`heard ${userData}`),
            },
          ]),
        )
      },
    }
    const heard: string[] = []
    let says = 'some'
    const one = await kit.join(group, [topic], { assignor })
    const two = await kit.join(group, [topic], {
      assignor,
      userData: async () => Buffer.from(says),
      onAssigned: async (_, __, userData) => void heard.push(String(userData)),
    })
    await settled([one, two], 4)
    expect(two.owns()).toHaveLength(2)
    says = 'all'
    await two.member.rejoin('it wants all')
    await until('it has all', () => two.owns().length === 4 && heard.at(-1) === 'heard all')
    await settled([one, two], 4)
    expect([one, two].flatMap(({ told }) => told.filter((line) => line.startsWith('lost')))).toEqual([])
    expect(heard[0]).toBe('heard some')
    await leaveAll(one, two)
    await two.member.rejoin('it has left')
  })

  test('lets a member that comes back under its name take its place, and fences the older one', async () => {
    const [topic, out] = [await kit.topic(4), await kit.topic(1)]
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    const old = await kit.join(group, [topic], { instanceId: 'x' })
    await settled([one, old], 4)
    const had = old.owns()
    const before = one.told.length
    const position = { topic, partition: Number(had[0]), offset: 0 }
    const zombie = { ...consuming(old, position), records: [record(out, 'zombie')] }
    const young = await kit.join(group, [topic], { instanceId: 'x' })
    await settled([one, young], 4)
    expect(young.owns()).toEqual(had)
    expect(one.told.slice(before).filter((line) => !line.startsWith('assigned'))).toEqual([])
    await expectCode((await kit.log().producer(kit.name('tx'))).commit(zombie), 'LOG_FENCED')
    expect(await kit.values(out)).toEqual([])
    await until('the older one knows', () => old.told.at(-1) === `lost ${had}`)
    await old.member.leave()
    const producer = await kit.log().producer(kit.name('tx'))
    await producer.commit(consuming(young, position))
    expect(await kit.log().committed(group, [position])).toEqual([position])
    await young.member.leave()
    await settled([one], 4)
    await leaveAll(one)
  })

  test('takes under the new epoch what it has refused under the old one, by the same producer', async () => {
    const [topic, out] = [await kit.topic(4), await kit.topic(1)]
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    const old = one.member.epoch()
    const two = await kit.join(group, [topic])
    await settled([one, two], 4)
    const positions = [{ topic, partition: Number(one.owns()[0]), offset: 0 }]
    const producer = await kit.log().producer(kit.name('tx'))
    const records = [record(out, 'once')]
    await expectCode(producer.commit({ records, consumed: { epoch: old, positions } }), 'LOG_FENCED')
    await producer.commit({ records, consumed: { epoch: one.member.epoch(), positions } })
    expect(await kit.values(out)).toEqual(['once'])
    await leaveAll(one, two)
  })

  test('describes groups, with members and without', async () => {
    const topic = await kit.topic(2)
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    const described = async () => (await kit.log().groups()).find((each) => each.group === group)
    expect(await described()).toMatchObject({
      generation: one.member.epoch().generation,
      members: [{ memberId: one.member.memberId, assigned: one.member.assigned() }],
    })
    await kit.log().append([record(topic, 'a')])
    const producer = await kit.log().producer(kit.name('tx'))
    await producer.commit(consuming(one, { topic, partition: 0, offset: 1 }))
    await one.member.leave()
    expect((await described())?.members).toEqual([])
  })

  test('moves the positions of a group without members, and of no other', async () => {
    const topic = await kit.topic(2)
    const group = kit.name('group')
    await kit.log().append(Array.from({ length: 5 }, () => record(topic, 'a')))
    const one = await kit.join(group, [topic])
    const to = [{ topic, partition: 0, offset: 3 }]
    await expectCode(kit.log().resetPositions(group, to), 'LOG_GROUP_ACTIVE')
    await one.member.leave()
    await kit.log().resetPositions(group, to)
    expect(
      await kit.log().committed(
        group,
        [0, 1].map((partition) => ({ topic, partition })),
      ),
    ).toEqual(to)
    expect(await kit.log().committed(kit.name('other'), to)).toEqual([])
  })

  test('lets no one join for a topic that is not there', async () => {
    await expectCode(kit.join(kit.name('group'), [kit.name('unknown')]), 'LOG_UNKNOWN_TOPIC')
  })

  if (!kit.features.expels) return

  test('tells an expelled member that it has lost its partitions, and refuses it from then on', async () => {
    const [topic, out] = [await kit.topic(2), await kit.topic(1)]
    const group = kit.name('group')
    const one = await kit.join(group, [topic])
    const two = await kit.join(group, [topic])
    await settled([one, two], 2)
    const lost = one.owns()
    const transaction = consuming(one, { topic, partition: Number(lost[0]), offset: 0 })
    await kit.under().expelMember?.(group, one.member.memberId)
    await settled([two], 2)
    expect(one.told.at(-1)).toBe(`lost ${lost}`)
    const producer = await kit.log().producer(kit.name('tx'))
    await expectCode(producer.commit({ ...transaction, records: [record(out, 'zombie')] }), 'LOG_FENCED')
    expect(await kit.values(out)).toEqual([])
    await leaveAll(one, two)
  })
}
