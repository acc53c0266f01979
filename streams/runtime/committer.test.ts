import { expect, test } from 'vitest'
import { StreamsError } from '../errors.ts'
import type { GroupEpoch, Transaction } from '../log/log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { Committer, type Staged } from './committer.ts'
import type { StagedBatch } from './task.ts'
import type { TaskHost } from './task-host.ts'

const epoch = (generation: number, memberId = 'm-1'): GroupEpoch => ({ group: 'app', memberId, generation })
const fenced = () => new StreamsError('LOG_FENCED', 'The transaction is refused.')
const aborted = () => new StreamsError('LOG_ABORTED', 'The transaction was aborted.')

const KEY = Buffer.from('key')
const BATCH: StagedBatch = {
  sequence: 1,
  processed: 1,
  records: [{ topic: 'out', partition: 0, timestampMs: 1, key: null, value: Buffer.from('x') }],
  positions: [{ topic: 'in', partition: 0, offset: 1 }],
  writes: [[KEY, Buffer.from('state')]],
  changelogPartitions: [],
  bytes: 1,
}

/** A committer whose commits end as `outcomes` say; each may move the group on before it does. */
function scene(outcomes: readonly (() => void)[], start = epoch(1)) {
  let now = start
  const commits: Transaction[] = []
  const told: string[] = []
  const backend = new MemoryBackend()
  const committer = new Committer({
    ...{ app: 'app', backend, nowMs: () => 0, epoch: () => now, givesUp: () => false },
    hooks: { onCommitRetry: ({ attempt, error }) => told.push(`retry ${attempt} ${error.code}`) },
  })
  committer.use({
    commit: async (transaction) => {
      outcomes[commits.push(transaction) - 1]?.()
      return { positions: [] }
    },
    close: async () => undefined,
  })
  const host = {
    id: 'main.0',
    logged: () => told.push('logged'),
    committed: () => told.push('committed'),
  } as unknown as TaskHost
  const staged: Staged[] = [{ host, batch: BATCH }]
  const move = (to: GroupEpoch) => {
    now = to
  }
  return {
    ...{ committer, told, commits, move },
    commit: () => committer.commit(staged),
    generations: () => commits.map(({ consumed }) => consumed?.epoch.generation),
    stored: async () => String((await backend.getMany([KEY]))[0]),
  }
}

test('tries the same transaction under the new epoch where the group has moved on around it', async () => {
  const { commit, generations, commits, told, move, stored } = scene([
    () => {
      move(epoch(2))
      throw fenced()
    },
    () => {
      move(epoch(3))
      throw fenced()
    },
  ])
  await commit()
  expect(generations()).toEqual([1, 2, 3])
  expect(new Set(commits.map(({ records }) => records)).size).toBe(1)
  expect(new Set(commits.map(({ consumed }) => consumed?.positions)).size).toBe(1)
  expect(told).toEqual(['logged', 'committed'])
  expect(await stored()).toBe('state')
})

test('gives up where it is refused again although the group has not moved on further', async () => {
  const { commit, generations, committer, told, move, stored } = scene([
    () => {
      move(epoch(2))
      throw fenced()
    },
    () => {
      throw fenced()
    },
  ])
  await expect(commit()).rejects.toMatchObject({ code: 'LOG_FENCED' })
  expect(generations()).toEqual([1, 2])
  // What the recovery goes by: the last transaction spoke for the present generation.
  expect(committer.epochUsed?.generation).toBe(2)
  expect(told).toEqual([])
  expect(await stored()).toBe('undefined')
})

test.each<[string, GroupEpoch]>([
  ['the generation is the same', epoch(1)],
  ['the generation is an older one', epoch(0)],
  ['the membership is another one', epoch(2, 'm-2')],
])('gives up at once where %s', async (_, now) => {
  const { commit, generations, move } = scene([
    () => {
      move(now)
      throw fenced()
    },
  ])
  await expect(commit()).rejects.toMatchObject({ code: 'LOG_FENCED' })
  expect(generations()).toEqual([1])
})

test('tries again what was aborted, under the epoch of that moment', async () => {
  const { commit, generations, told, move } = scene([
    () => {
      move(epoch(5))
      throw aborted()
    },
  ])
  await commit()
  expect(generations()).toEqual([1, 5])
  expect(told).toEqual(['retry 1 LOG_ABORTED', 'logged', 'committed'])
})
