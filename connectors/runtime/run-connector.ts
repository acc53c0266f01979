import type { Log, Rest, TopicSpec } from '#streams'
import type { Connector, ConnectorStatus } from './connector.ts'
import { ConnectorSession } from './connector-session.ts'
import { Pauses } from './pauses.ts'

/** How a connector is run; all but the log has defaults. */
export type RunOptions = {
  readonly log: Log
  /** Name of this instance of the platform, where there are several. */
  readonly instance?: string
  /** Wall-clock time. */
  readonly nowMs?: () => number
  /** A request that takes longer than this lets those of other keys pass. Milliseconds. */
  readonly slowMs?: number
  /** Pauses between fetches, and between transactions, for results nobody waits for. None where it is left out. */
  readonly rest?: Rest
  /** Told of trouble and of its end, for a log line. */
  readonly onTrouble?: (connector: string, trouble: string | null) => void
}

/** A connector at work. */
export type RunningConnector = {
  status(): ConnectorStatus
  /** Ends the pause of a request: something is known of it now (see `Connector.wakeKeyOf`). */
  wake(key: string): void
  /** Commits what is finished, leaves the group and closes the connections. */
  close(): Promise<void>
}

const OPEN_MAX = 1_000
const NO_REST: Rest = { restMs: 0, restPerCommit: 0, restMsMax: 0 }
const PAUSE_MS = 200
const PAUSE_MS_MAX = 10_000

/** Runs a connector until it is closed: one session after the other, with growing pauses while they fail. */
export async function runConnector<Request, Result>(
  connector: Connector<Request, Result>,
  options: RunOptions,
): Promise<RunningConnector> {
  const { log } = options
  const app = `connector.${connector.name}`
  const { requests, results } = connector
  const deadLetters = { ...specOf(requests), name: `${app}.dead-letters`, retentionMs: -1 }
  await log.createTopics([specOf(requests), specOf(results), deadLetters])

  const counts = { processed: 0, deadLetters: 0 }
  const pauses = new Pauses()
  const closing = new AbortController()
  let trouble: string | null = null
  const onTrouble = (now: string | null) => {
    if (now !== trouble) options.onTrouble?.(connector.name, now)
    trouble = now
  }
  const openSession = () =>
    new ConnectorSession<Request, Result>({
      connector,
      log,
      app,
      counts,
      pauses,
      onTrouble,
      instance: options.instance ?? '0',
      nowMs: options.nowMs ?? Date.now,
      openMax: connector.openMax ?? OPEN_MAX,
      slowMs: options.slowMs ?? 1_000,
      rest: options.rest ?? NO_REST,
    })
  let session = openSession()

  async function run(): Promise<void> {
    let pauseMs = PAUSE_MS
    while (!closing.signal.aborted) {
      const startedMs = performance.now()
      try {
        await session.run()
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error))
      }
      if (closing.signal.aborted) return
      if (performance.now() - startedMs > PAUSE_MS_MAX) pauseMs = PAUSE_MS
      await pauses.pause(null, pauseMs, closing.signal).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
      session = openSession()
    }
  }

  const running = run()
  const sum = (of: 'length' | 'lag') => session.queues.reduce((total, queue) => total + queue[of], 0)
  return {
    wake: (key) => pauses.wake(key),
    status: () => ({
      name: connector.name,
      circuit: connector.calls.circuit,
      inFlight: connector.calls.inFlight,
      open: sum('length'),
      processed: counts.processed,
      failures: connector.calls.failures,
      deadLetters: counts.deadLetters,
      lag: sum('lag'),
      trouble,
    }),
    close: async () => {
      closing.abort()
      session.stop()
      await running
      connector.close?.()
    },
  }
}

function specOf({ name, partitions, cleanup, retentionMs }: TopicSpec): TopicSpec {
  return { name, partitions, cleanup, retentionMs }
}
