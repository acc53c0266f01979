import type { Hono } from 'hono'
import type { BusinessClock } from '#connectors/clock/business-clock.ts'
import type { Schemas } from '#schemas'
import type { Providers } from './providers.ts'
import type { RunningConnectors } from './run-connectors.ts'
import type { RunningSinks } from './run-sinks.ts'
import type { RunningTopologies } from './run-topologies.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage.ts'

/** All that the HTTP side is put together from. */
export type HttpParts = {
  readonly settings: Settings
  readonly storage: Storage
  readonly schemas: Schemas
  readonly running: RunningTopologies
  readonly connectors: RunningConnectors
  readonly sinks: RunningSinks
  readonly clock: BusinessClock
  readonly providers: Providers
  readonly operatorToken: string
  readonly tokenSecret: string
  readonly webhookSecret: string
  readonly publicUrl: string
  /** The registry's routes where this process serves it. */
  readonly registryRoutes: Hono | null
}
