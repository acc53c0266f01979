/**
 * The process that the tests of the embedded log start and kill: it opens the log, then holds it, or commits
 * transactions with three producers at the same time and prints `<writer> <number>` for each one acknowledged. Number n
 * of a writer puts some records that carry n into `left` and one into `right`, and moves the writer's position to n.
 */
import { openEmbeddedLog } from './embedded-log.ts'

const WRITERS = 3
const [directory, what] = process.argv.slice(2)
if (directory === undefined) throw new Error('The first argument is the directory of the log.')
const log = await openEmbeddedLog({ directory, writeBufferBytes: 256 * 1024 })
if (what === 'hold') {
  process.stdout.write('open\n')
  setInterval(() => undefined, 1_000)
} else {
  await Promise.all(await startWriters())
}

async function startWriters(): Promise<Promise<never>[]> {
  const spec = { cleanup: 'delete' as const, retentionMs: -1 }
  await log.createTopics(['input', 'left', 'right'].map((name) => ({ ...spec, name, partitions: WRITERS })))
  const partitions = Array.from({ length: WRITERS }, (_, partition) => ({ topic: 'input', partition }))
  const member = await log.joinGroup({
    group: 'writers',
    topics: ['input'],
    assignor: {
      name: 'all',
      assign: (members) => new Map(members.map(({ memberId }) => [memberId, { partitions, userData: null }])),
    },
    onAssigned: async () => undefined,
    onRevoked: async () => undefined,
    onLost: async () => undefined,
  })
  const committed = await log.committed('writers', partitions)
  return partitions.map(async ({ topic, partition }) => {
    const producer = await log.producer(`writer-${partition}`)
    const at = committed.find((one) => one.partition === partition)?.offset ?? 0
    for (let n = at + 1; ; n++) {
      const value = Buffer.alloc(100, 'x')
      value.writeUInt32BE(n)
      const record = { partition, timestampMs: n, key: null, value }
      const lefts = Array.from({ length: 1 + (n % 7) }, () => ({ ...record, topic: 'left' }))
      await producer.commit({
        records: [...lefts, { ...record, topic: 'right' }],
        consumed: { epoch: member.epoch(), positions: [{ topic, partition, offset: n }] },
      })
      process.stdout.write(`${partition} ${n}\n`)
    }
  })
}
