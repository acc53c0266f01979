import { SettingsError } from './settings.ts'
import type { SettingName, Settings } from './settings-table.ts'

/** The parts of the platform that can run in processes of their own. */
export const PARTS = ['api', 'topologies', 'connectors', 'sinks'] as const

/** A part's name. */
export type PartName = (typeof PARTS)[number]

type Need = readonly [setting: SettingName, why: string]

const EVERY: readonly Need[] = [
  ['KAFKA_BROKERS', 'the embedded log is open to one process only'],
  ['QUERY_SECRET', 'processes ask each other with it; give all of them the same'],
]

const NEEDS: Readonly<Record<PartName, readonly Need[]>> = {
  api: [
    ['DATABASE_URL', 'the embedded PostgreSQL is open to one process only, and the sinks are another one'],
    ['ADMIN_TOKEN', 'all nodes of the API must know the operator by the same one'],
    ['TOKEN_SECRET', 'all nodes of the API must know the sessions of each other'],
  ],
  topologies: [],
  connectors: [['TOKEN_SECRET', 'it makes the one-time codes that they send; give them the one of the API']],
  sinks: [['DATABASE_URL', 'the embedded PostgreSQL is open to one process only, and the API is another one']],
}

/**
 * Checks that the settings let this part run apart from the others.
 * @throws SettingsError that names every setting that is missing
 */
export function assertPartSettings(part: PartName, settings: Settings): void {
  const needs = [...EVERY, ...NEEDS[part]].filter(([setting]) => settings[setting] === null)
  const problems = needs.map(([setting, why]) => `The part ${part} needs ${setting}: ${why}.`)
  if (problems.length > 0) throw new SettingsError(problems)
}
