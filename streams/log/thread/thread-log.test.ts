import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { logSuite } from '../../testing/log-suite.ts'
import { evenAssignor, expectCode, record } from '../../testing/log-suite-kit.ts'
import { openEmbeddedLog } from '../embedded/embedded-log.ts'
import type { ShareableLog } from '../local/local-log.ts'
import { memoryLog } from '../memory/memory-log.ts'
import { shareLog } from './log-host.ts'
import { openThreadLog } from './thread-log.ts'

const features = {
  persistent: true,
  maintains: true,
  faults: false,
  expels: false,
  refusedRecordBytes: 1024 * 1024 + 1,
}

async function seenFromAnother(log: ShareableLog) {
  const { port1, port2 } = new MessageChannel()
  return { shared: shareLog(log, port1), seen: await openThreadLog(port2) }
}

logSuite(
  'embedded, seen from another thread,',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'thread-log-'))
    let own = await openEmbeddedLog({ directory })
    let { shared, seen } = await seenFromAnother(own)
    const closeAll = async () => {
      await seen.close()
      await shared.released
      await own.close()
    }
    return {
      log: seen,
      reopen: async () => {
        await closeAll()
        own = await openEmbeddedLog({ directory })
        ;({ shared, seen } = await seenFromAnother(own))
        return seen
      },
      remove: async () => {
        await closeAll()
        await rm(directory, { recursive: true })
      },
    }
  },
  features,
)

const TOPIC = { name: 't', partitions: 2, cleanup: 'delete', retentionMs: -1 } as const

test('several threads and the one that has the log see the same, and share a group', async () => {
  const own = memoryLog()
  await own.createTopics([TOPIC])
  const [a, b] = [await seenFromAnother(own), await seenFromAnother(own)]
  await a.seen.append([record('t', 'from a')])
  await own.append([record('t', 'from the owner')])
  const [fetched] = await b.seen.fetch({
    positions: [{ topic: 't', partition: 0, offset: 0 }],
    maxBytes: 1_000,
    maxWaitMs: 0,
  })
  expect(fetched?.records.map(({ value }) => String(value))).toEqual(['from a', 'from the owner'])
  const joining = { group: 'g', topics: ['t'], assignor: evenAssignor }
  const quiet = { onAssigned: async () => undefined, onRevoked: async () => undefined, onLost: async () => undefined }
  const one = await a.seen.joinGroup({ ...joining, ...quiet })
  const two = await own.joinGroup({ ...joining, ...quiet })
  expect([one.assigned().length, two.assigned().length]).toEqual([1, 1])
  const three = await b.seen.joinGroup({ ...joining, ...quiet })
  expect(one.assigned().length + two.assigned().length + three.assigned().length).toBe(2)
  expect(new Set([one, two, three].map((member) => member.epoch().generation)).size).toBe(1)
})

test('what a thread had when it ended is free: others get its partitions, and its epoch is refused', async () => {
  const own = memoryLog()
  await own.createTopics([TOPIC])
  const { shared, seen } = await seenFromAnother(own)
  const quiet = { onAssigned: async () => undefined, onRevoked: async () => undefined, onLost: async () => undefined }
  const joining = { group: 'g', topics: ['t'], assignor: evenAssignor, ...quiet }
  const gone = await seen.joinGroup(joining)
  const staying = await own.joinGroup(joining)
  expect(staying.assigned()).toHaveLength(1)
  const epoch = gone.epoch()
  const pending = seen.fetch({ positions: [{ topic: 't', partition: 0, offset: 0 }], maxBytes: 1, maxWaitMs: 60_000 })
  await shared.close()
  await expectCode(pending, 'THREAD_ENDED')
  await expectCode(seen.append([record('t', 'late')]), 'THREAD_ENDED')
  expect(staying.assigned()).toHaveLength(2)
  const producer = await own.producer('tx')
  const consumed = { epoch, positions: [{ topic: 't', partition: 0, offset: 0 }] }
  await expectCode(producer.commit({ records: [], consumed }), 'LOG_FENCED')
})

test('a thread that ends while it joins keeps no place in the group', async () => {
  const own = memoryLog()
  await own.createTopics([TOPIC])
  const { promise: joined, resolve: letJoin } = Promise.withResolvers<void>()
  const slow = new Proxy(own, {
    get: (target, name) => {
      if (name !== 'joinGroup') return Reflect.get(target, name)
      return async (options: Parameters<ShareableLog['joinGroup']>[0]) => {
        const member = await target.joinGroup(options)
        await joined
        return member
      }
    },
  })
  const { shared, seen } = await seenFromAnother(slow)
  const quiet = { onAssigned: async () => undefined, onRevoked: async () => undefined, onLost: async () => undefined }
  const joining = seen.joinGroup({ group: 'g', topics: ['t'], assignor: evenAssignor, ...quiet })
  const members = async () => (await own.groups()).flatMap((group) => group.members).length
  await expect.poll(members).toBe(1)
  await shared.close()
  await expectCode(joining, 'THREAD_ENDED')
  expect(await members()).toBe(1)
  letJoin()
  await expect.poll(members).toBe(0)
})

test('a closed one ends its waits with what there is, leaves its groups, and lets the log be', async () => {
  const own = memoryLog()
  await own.createTopics([TOPIC])
  const { shared, seen } = await seenFromAnother(own)
  const position = { topic: 't', partition: 0, offset: 0 }
  const pending = seen.fetch({ positions: [position], maxBytes: 1, maxWaitMs: 60_000 })
  await seen.close()
  expect(await pending).toMatchObject([{ records: [], nextOffset: 0 }])
  await expectCode(seen.topics(), 'LOG_CLOSED')
  await shared.released
  expect(await own.append([record('t', 'still open')])).toEqual([0])
})
