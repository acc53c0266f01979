import { expect, test } from 'vitest'
import { oneOwnerAssignor } from '../assignor/one-owner-assignor.ts'
import { KeptMembership } from './kept-membership.ts'
import { memoryLog } from './memory/memory-log.ts'

const GROUP = 'group'

test('a place that was lost is taken again, until it is left', async () => {
  const log = memoryLog()
  await log.createTopics([{ name: 'events', partitions: 2, cleanup: 'delete', retentionMs: -1 }])
  const told: string[] = []
  const membership = await KeptMembership.join(log, {
    ...{ group: GROUP, topics: ['events'], assignor: oneOwnerAssignor },
    onAssigned: async (assigned) => void told.push(`has ${assigned.length}`),
    onRevoked: async (revoked) => void told.push(`gives ${revoked.length}`),
    onLost: (lost) => void told.push(`lost ${lost.length}`),
    onTrouble: (error) => void told.push(`trouble ${String(error)}`),
  })
  const memberId = membership.epoch()?.memberId ?? ''
  await log.expelMember(GROUP, memberId)
  expect(membership.epoch()).toBeNull()
  await expect.poll(() => told).toEqual(['has 2', 'lost 2', 'has 2', 'trouble null'])
  expect(membership.epoch()?.memberId).not.toBe(memberId)
  await membership.leave()
  expect(told.at(-1)).toBe('gives 2')
  expect((await log.groups()).find(({ group }) => group === GROUP)?.members ?? []).toEqual([])
})

test('rejects where the place cannot be taken the first time, and takes none once it was left', async () => {
  const log = memoryLog()
  const options = { group: GROUP, topics: ['events'], assignor: oneOwnerAssignor }
  const callbacks = { onAssigned: async () => undefined, onRevoked: async () => undefined, onLost: () => undefined }
  await expect(KeptMembership.join(log, { ...options, ...callbacks })).rejects.toMatchObject({
    code: 'LOG_UNKNOWN_TOPIC',
  })
  await log.createTopics([{ name: 'events', partitions: 1, cleanup: 'delete', retentionMs: -1 }])
  const membership = await KeptMembership.join(log, { ...options, ...callbacks })
  await log.expelMember(GROUP, membership.epoch()?.memberId ?? '')
  await membership.leave()
  expect((await log.groups()).find(({ group }) => group === GROUP)?.members ?? []).toEqual([])
})
