/** A thread that runs topologies, on the log of the main thread and with state of its own. */
import { once } from 'node:events'
import { join } from 'node:path'
import { workerData } from 'node:worker_threads'
import { CallPort, openRocksDbBackend, openThreadLog } from '#streams'
import { Closers } from '../closers.ts'
import { peerAnswers } from '../cluster/answer-peers.ts'
import type { LocalPart } from '../cluster/local-part.ts'
import { type Hurry, hurryOf } from '../hurry.ts'
import { openRegistry } from '../registry.ts'
import { runTopologies } from '../run-topologies.ts'
import { StartError } from '../start-error.ts'
import { allTopologies } from '../topologies.ts'
import type { ThreadCalls, ThreadNews, ThreadOrder } from './thread-calls.ts'

const order = workerData as ThreadOrder
const closers = new Closers()
let hurry: Hurry = () => () => undefined
let answer: (question: unknown) => Promise<unknown> = () => Promise.reject(new Error('The thread is starting.'))

const calls = new CallPort<ThreadNews, ThreadCalls>(order.calls, {
  start: async () => {
    const local = await start(order)
    answer = peerAnswers(local)
    hurry = hurryOf(local.apps)
    return null
  },
  ask: (question) => answer(question),
  hurry: async (groups, signal) => {
    const calm = hurry(groups)
    if (!signal.aborted) await once(signal, 'abort')
    calm()
    return null
  },
  stop: async () => {
    await closers.closeAll((message, error) => console.error(message, error))
    return null
  },
})

async function start({ settings, instanceId, stateFolder, topologies: names, log: port }: ThreadOrder) {
  const log = await openThreadLog(port)
  closers.add('the log', () => log.close())
  const backend = await openRocksDbBackend({ directory: join(settings.DATA_DIR, stateFolder) })
  closers.add('the state', () => backend.close())
  const { schemas } = await openRegistry(settings, log)
  const topologies = new Map(allTopologies(schemas).map((topology) => [topology.name, topology]))
  const storage = { log, shareable: null, backend, instanceId }
  const ground = { settings, storage, topologies, cluster: { door: null } }
  const apps = await runTopologies(ground, names, closers, (error) => void tell(error))
  const local: LocalPart = {
    ...{ instanceId, part: 'all', topologies, apps, connectors: [] },
    sinks: () => Promise.resolve([]),
    wake: () => undefined,
  }
  return local
}

async function tell(error: unknown): Promise<void> {
  const code = error instanceof StartError ? error.code : null
  await calls.call('failed', { code, message: error instanceof Error ? error.message : String(error) })
}
