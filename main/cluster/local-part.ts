import type { RunningConnector } from '#connectors/runtime/run-connector.ts'
import type { StreamsApp, Topology } from '#streams'
import { StreamsError } from '#streams'
import type { SinkState } from '../run-sinks.ts'

/** What runs in this process. */
export type LocalPart = {
  readonly instanceId: string
  readonly part: string
  /** All there are, also those that run elsewhere. */
  readonly topologies: ReadonlyMap<string, Topology>
  /** Those that run here. */
  readonly apps: ReadonlyMap<string, StreamsApp>
  readonly connectors: readonly RunningConnector[]
  /** Those that write from here. */
  readonly sinks: () => Promise<readonly SinkState[]>
  /** Ends the pause of a request to the payment gateway, where it waits here. */
  readonly wake: (requestId: string) => void
}

/** @throws StreamsError TOPOLOGY_NOT_RUNNING */
export function localApp({ apps }: LocalPart, name: string): StreamsApp {
  const app = apps.get(name)
  if (app !== undefined) return app
  throw new StreamsError('TOPOLOGY_NOT_RUNNING', `The topology ${name} does not run in this process.`)
}
