import type { DeadLetterView, Operations, ParkedKeyView } from '#api/operations.ts'
import type { BusinessTime } from '#api/ports.ts'
import { isStreamsError } from '#streams'
import { type LocalPart, localApp } from '../cluster/local-part.ts'
import type { Peers } from '../cluster/peers.ts'
import { VERSION } from '../version.ts'
import type { BooksMonitor } from './books-monitor.ts'
import { drawTopology } from './draw-topology.ts'
import { type InstanceStatus, instanceStatus } from './instance-status.ts'
import { mergeStatus } from './merge-status.ts'
import { deadLetterViews, parkedKeyViews } from './quarantine-views.ts'

/** The operations page's view of the running parts, in this process and in all others. */
export function platformOperations(
  local: LocalPart,
  peers: Peers,
  time: BusinessTime,
  books: BooksMonitor,
): Operations {
  const names = [...local.topologies.keys()]
  return {
    topologies: names,
    books: () => books.status(),
    status: async () => {
      const here = await instanceStatus(local)
      const elsewhere = await peers.askAll<InstanceStatus>(peers.all(), { kind: 'status' })
      const { timeMs, date } = time.now()
      return {
        version: VERSION,
        businessDate: date,
        businessTime: new Date(timeMs).toISOString(),
        uptimeSeconds: here.instance.uptimeSeconds,
        memoryBytes: here.instance.memoryBytes,
        ...mergeStatus([here, ...elsewhere], names),
      }
    },
    drawing: async (name) => {
      const topology = local.topologies.get(name)
      return topology === undefined ? null : drawTopology(topology)
    },
    // They stand in a topic, so whoever is asked knows all of them.
    deadLetters: (name, limit) =>
      local.apps.has(name)
        ? deadLetterViews(localApp(local, name), limit)
        : peers.askAny<readonly DeadLetterView[]>(name, () => ({ kind: 'dead-letters', app: name, limit })),
    parkedKeys: async (name) => {
      const here = local.apps.has(name) ? await parkedKeyViews(localApp(local, name)) : []
      const question = { kind: 'parked-keys', app: name } as const
      return [...here, ...(await peers.askAll<readonly ParkedKeyView[]>(peers.running(name), question)).flat()]
    },
    replayKey: (name, key) => decide(local, peers, { kind: 'decide', app: name, key, action: 'replay' }),
    discardKey: (name, key) => decide(local, peers, { kind: 'decide', app: name, key, action: 'discard' }),
  }
}

type Decision = {
  readonly kind: 'decide'
  readonly app: string
  readonly key: string
  readonly action: 'replay' | 'discard'
}

/** A key is parked where its task is. @throws StreamsError APP_KEY_NOT_PARKED where it is parked nowhere */
async function decide(local: LocalPart, peers: Peers, decision: Decision): Promise<void> {
  const { app, key, action } = decision
  let failure: Error | undefined
  const tryAt = async (attempt: () => Promise<unknown>) => {
    try {
      await attempt()
      return true
    } catch (error) {
      // That one process cannot be reached must not hide that another one has the key; it is said where none has.
      if (failure === undefined || !isStreamsError(error, 'APP_KEY_NOT_PARKED')) failure = error as Error
      return false
    }
  }
  const here = local.apps.get(app)
  if (here !== undefined && (await tryAt(() => (action === 'replay' ? here.replayKey(key) : here.discardKey(key)))))
    return
  for (const instance of peers.running(app)) if (await tryAt(() => peers.ask(instance, decision))) return
  if (failure !== undefined) throw failure
  localApp(local, app)
}
