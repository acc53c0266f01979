import { openQueryServer, type QueryServer } from '#streams'
import type { Closers } from './closers.ts'
import { SettingsError } from './settings.ts'
import type { Settings } from './settings-table.ts'

/** How the processes of a platform ask each other for state. */
export type QueryDoor = { readonly queryServer: QueryServer; readonly advertisedAddress?: string }

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::']

/**
 * Opens the door through which processes that share the topologies ask each other for state; null where the settings
 * name no secret: state holds what people own and owe, so nobody may ask without one.
 * @throws SettingsError where the settings do not fit together; StreamsError QUERY_SERVER_FAILED
 */
export async function openQueryDoor(settings: Settings, closers: Closers): Promise<QueryDoor | null> {
  const { QUERY_HOST: host, QUERY_PORT: port, QUERY_SECRET: secret, QUERY_ADDRESS: address } = settings
  if (secret === null && address !== null) throw new SettingsError(['QUERY_ADDRESS is set: QUERY_SECRET must be, too.'])
  if (secret === null) return null
  if (address === null && EVERYWHERE.includes(host)) {
    throw new SettingsError([`QUERY_HOST is ${host}: set QUERY_ADDRESS to where the other processes reach this one.`])
  }
  const queryServer = await openQueryServer({ host, port, secret })
  closers.add('the query server', () => queryServer.close())
  return { queryServer, ...(address === null ? {} : { advertisedAddress: address }) }
}
