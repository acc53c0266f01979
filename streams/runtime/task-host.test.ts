import { expect, test } from 'vitest'
import { memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { COUNTS, say, until, WORDS, wordCountTopology } from '../testing/word-count-scene.ts'
import { GlobalTables } from './global-tables.ts'
import { TaskHost } from './task-host.ts'

async function scene() {
  const topology = wordCountTopology()
  const log = memoryLog()
  await log.createTopics([WORDS, COUNTS, ...topology.internalTopics()])
  const [first] = topology.subtopologies
  if (first === undefined) throw new Error('The topology has no sub-topology.')
  const seen = { ready: 0, failures: [] as unknown[] }
  const gate = { open: () => {}, closed: Promise.resolve() }
  const host = new TaskHost(
    {
      ...{ topology, log, group: 'g', backend: new MemoryBackend(), hooks: {}, cacheBytesMax: 0, nowMs: () => 0 },
      globals: new GlobalTables({ app: topology.name, tables: [], log, hooks: {} }),
      takeOver: () => gate.closed,
      onReady: () => void seen.ready++,
      onFailure: (error) => void seen.failures.push(error),
      onProgress: () => {},
    },
    first,
    0,
  )
  /** The next start waits until `open` is called. */
  const close = () => {
    gate.closed = new Promise((resolve) => {
      gate.open = resolve
    })
  }
  return { log, host, seen, gate, close }
}

test('a start that is overtaken by the next one does not come up, and the later one has the only task', async () => {
  const { log, host, seen, gate, close } = await scene()
  await say(log, ['a', 'b', 'c'])
  close()
  host.start()
  host.start()
  host.start()
  gate.open()
  await until(() => host.state === 'RUNNING')
  const task = host.task
  expect(task).toBeDefined()
  for (let turn = 0; turn < 200; turn++) await Promise.resolve()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(host.task).toBe(task)
  expect(seen).toEqual({ ready: 1, failures: [] })
  await host.release()
})

test('what an overtaken start fails with is nobody’s trouble; what the last one fails with is', async () => {
  const { log, host, seen, gate, close } = await scene()
  close()
  host.start()
  host.start()
  await log.close()
  gate.open()
  await until(() => seen.failures.length > 0)
  expect(seen.failures).toMatchObject([{ code: 'LOG_CLOSED' }])
  expect(host.task).toBeUndefined()
})

test('a task whose log does not say where a changelog ends is let go of all the same', async () => {
  const { log, host, seen } = await scene()
  let asked = 0
  log.endOffsets = () => {
    asked++
    return new Promise(() => {})
  }
  host.start()
  await until(() => asked > 0)
  host.start()
  await host.release()
  expect(host.state).toBe('CLOSED')
  expect(seen).toEqual({ ready: 0, failures: [] })
})
