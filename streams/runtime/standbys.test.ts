import { afterEach, expect, test } from 'vitest'
import { StreamsError } from '../errors.ts'
import type { FetchRequest, Log } from '../log/log.ts'
import type { LogFaults } from '../log/memory/log-faults.ts'
import { memoryLog } from '../log/memory/memory-log.ts'
import { storePrefix, storeRange } from '../store/keys.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { WriteBatch } from '../store/store.ts'
import { until, wordCountTopology } from '../testing/word-count-scene.ts'
import { Standbys, type StandbysOptions } from './standbys.ts'

const TOPIC = 'word-count.totals.changelog'
const TASK = 'words-by-word.1'
const PREFIX = storePrefix('word-count', TASK, 'totals')

/** A store whose writes can be held. */
class GatedBackend extends MemoryBackend {
  gate: Promise<void> = Promise.resolve()
  waiting = 0

  override async write(batch: WriteBatch): Promise<void> {
    this.waiting++
    await this.gate
    await super.write(batch)
  }
}

/** The log with some of its methods replaced. */
function instead(log: Log, methods: Partial<Log>): Log {
  return new Proxy(log, { get: (target, name) => Reflect.get(methods, name) ?? bound(target, name) })
}

function bound(target: Log, name: string | symbol): unknown {
  const found: unknown = Reflect.get(target, name)
  return typeof found === 'function' ? found.bind(target) : found
}

const running: Standbys[] = []
afterEach(async () => {
  for (const standbys of running.splice(0)) await standbys.close()
})

async function scene(options: Partial<StandbysOptions> & { readonly wrap?: (log: Log) => Log } = {}) {
  const faults: LogFaults = {}
  const log = memoryLog({ faults })
  const topology = wordCountTopology()
  await log.createTopics(topology.internalTopics())
  const backend = new GatedBackend()
  const told: string[] = []
  const standbys = new Standbys({
    ...{ topology, backend, nowMs: Date.now, acceptableLag: 2, retryMs: 1 },
    log: options.wrap?.(log) ?? log,
    hooks: {
      onStandbyTrouble: ({ error }) => void told.push(error.code),
      onStoreRebuild: ({ taskId, reason }) => void told.push(`rebuild ${taskId} ${reason}`),
    },
    onWarm: async (taskId) => void told.push(`warm ${taskId}`),
    onFailure: (error) => void told.push(`failure ${(error as StreamsError).code}`),
    ...options,
  })
  running.push(standbys)
  void standbys.run()
  const write = (count: number) => {
    const keys = Array.from({ length: count }, (_, n) => Buffer.from(`k${n}`))
    return log.append(keys.map((key) => ({ topic: TOPIC, partition: 1, timestampMs: 1, key, value: Buffer.from('7') })))
  }
  const stored = async () => (await backend.scan({ range: storeRange(PREFIX) })).length
  return { standbys, backend, write, stored, told, faults }
}

test('applies what comes, and nothing once it has been told to stop', async () => {
  const { standbys, write, stored } = await scene()
  standbys.follow([TASK], [])
  await write(3)
  await until(async () => (await stored()) === 3)
  expect(standbys.find(TASK)?.progress()).toMatchObject({ records: 3, bytes: 9, remaining: 0 })
  await standbys.stop(TASK)
  await write(9)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await stored()).toBe(3)
  expect(standbys.all()).toEqual([])
  standbys.follow([TASK], [])
  await until(async () => (await stored()) === 9)
  expect(standbys.find(TASK)?.progress().records).toBe(9)
})

test('has stopped only when the write on its way is done', async () => {
  const { standbys, backend, write, stored } = await scene()
  standbys.follow([TASK], [])
  let open = () => {}
  backend.gate = new Promise((resolve) => {
    open = resolve
  })
  await write(3)
  await until(() => backend.waiting > 0)
  let hasStopped = false
  const stopping = standbys.stop(TASK).then(() => {
    hasStopped = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(hasStopped).toBe(false)
  open()
  await stopping
  expect(await stored()).toBe(3)
})

test('asks to take a task over when it is near its end, and once', async () => {
  const { standbys, backend, write, told } = await scene()
  await write(40)
  let open = () => {}
  backend.gate = new Promise((resolve) => {
    open = resolve
  })
  standbys.follow([TASK], [TASK])
  await until(() => backend.waiting > 0)
  expect(told).toEqual([])
  open()
  await until(() => told.length > 0)
  for (let n = 0; n < 5; n++) await write(1)
  await until(() => standbys.find(TASK)?.progress().records === 45)
  expect(told).toEqual([`warm ${TASK}`])
})

test('goes on after trouble with the log, says so, and ends nothing', async () => {
  const { standbys, write, stored, told, faults } = await scene()
  const failures = [1, 2].map(() => new StreamsError('LOG_READ_FAILED', 'The disk is slow today.'))
  faults.fetch = () => failures.shift()
  await write(3)
  standbys.follow([TASK], [])
  await until(async () => (await stored()) === 3)
  expect(told).toEqual(['LOG_READ_FAILED', 'LOG_READ_FAILED'])
})

test('builds a copy again whose place in the changelog is not kept any more', async () => {
  let begin = 0
  const wrap = (log: Log): Log => {
    const past = new StreamsError('LOG_OFFSET_OUT_OF_RANGE', 'It is gone.')
    return new Proxy(log, {
      get: (target, name) => {
        const own: unknown = Reflect.get(target, name, target)
        if (typeof own !== 'function') return own
        if (name === 'beginningOffsets') return async () => [{ topic: TOPIC, partition: 1, offset: begin }]
        if (name !== 'fetchEntries') return own.bind(target)
        return async (request: FetchRequest) => {
          const fetched = await target.fetchEntries(request)
          if ((request.positions[0]?.offset ?? 0) < begin) throw past
          return fetched
        }
      },
    })
  }
  const { standbys, write, stored, told } = await scene({ wrap })
  standbys.follow([TASK], [])
  await write(5)
  await until(async () => (await stored()) === 5)
  begin = 7
  await write(3)
  await until(() => told.length === 2)
  expect(told).toEqual(['LOG_OFFSET_OUT_OF_RANGE', `rebuild ${TASK} log-begins-later`])
  // What is left of the changelog from there on: one record of the three.
  await until(async () => (await stored()) === 1)
})

test('ends the application where the store is gone', async () => {
  const { standbys, backend, write, told } = await scene()
  await backend.close()
  await write(1)
  standbys.follow([TASK], [])
  await until(() => told.length > 0)
  expect(told).toEqual(['failure STORE_CLOSED'])
})

test('follows no task that there is not, and none without state', async () => {
  const { standbys } = await scene()
  standbys.follow(['words.0', 'words-by-word.99', 'nobody.0', 'nonsense'], [])
  expect(standbys.all()).toEqual([])
})

test('follows what can be read while a transaction that nobody ends is pending', async () => {
  const { standbys, write, stored, told } = await scene({
    wrap: (log) =>
      instead(log, {
        endOffsets: (at, options) => (options?.pending === 'ignore' ? log.endOffsets(at) : new Promise(() => {})),
      }),
  })
  standbys.follow([TASK], [])
  await write(3)
  await until(async () => (await stored()) === 3)
  expect(told).toEqual([])
})

test('whoever takes a task over does not wait for a log that does not answer', async () => {
  let asked = 0
  const { standbys, told } = await scene({
    wrap: (log) => instead(log, { beginningOffsets: () => new Promise(() => void asked++) }),
  })
  standbys.follow([TASK], [])
  await until(() => asked > 0)
  await standbys.stop(TASK)
  expect(told).toEqual([])
})

test('is not built again where what can be seen ends before what its store has already', async () => {
  const { standbys, write, stored, told } = await scene({
    wrap: (log) =>
      instead(log, {
        endOffsets: async (at, options) => {
          const ends = await log.endOffsets(at)
          return options?.pending === 'ignore' ? ends.map((end) => ({ ...end, offset: 0 })) : ends
        },
      }),
  })
  standbys.follow([TASK], [])
  await write(3)
  await until(async () => (await stored()) === 3)
  await standbys.stop(TASK)
  standbys.follow([TASK], [])
  await write(4)
  await until(async () => (await stored()) === 4)
  expect(told).toEqual([])
})
