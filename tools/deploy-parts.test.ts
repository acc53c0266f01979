/** Holds docker-compose.parts.yml against docker-compose.yml and the settings of the parts, without a Docker engine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { assertPartSettings, PARTS, type PartName } from '#main/part-settings.ts'
import { readSettings } from '#main/settings.ts'
import manifest from '../package.json' with { type: 'json' }
import { ROOT } from './tidy/sources.ts'

type Part = {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes: readonly string[]
  readonly depends_on: object
  readonly network_mode?: string
}
type Compose = {
  readonly services: Readonly<Record<string, Part & { readonly profiles?: readonly string[] }>>
  readonly volumes: Readonly<Record<string, null>>
}

const read = (name: string) => parse(readFileSync(join(ROOT, name), 'utf8'), { merge: true }) as Compose
const { services, volumes } = read('docker-compose.parts.yml')
const whole = read('docker-compose.yml').services['platform'] as Part
const parts = Object.entries(services).filter(([name]) => name !== 'platform')
const partOf = ({ command }: Part) => command.at(-1) as PartName

/** As Compose gives it: defaults where nothing is set, and a secret where one must be. */
function environmentOf({ environment }: Part): Record<string, string> {
  const given = (value: string) =>
    value.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replace(/\$\{(\w+):\?[^}]*\}/g, 'secret $1')
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, given(value)]))
}

describe('docker-compose.parts.yml', () => {
  test('runs every part, what holds the state and what writes to the databases twice, in place of the whole', () => {
    expect(parts.map(([, part]) => partOf(part)).sort()).toEqual(
      [...PARTS, 'topologies', 'sinks'].sort((a, b) => (a < b ? -1 : 1)),
    )
    expect(services['platform']).toEqual({ profiles: ['whole'] })
  })

  test.each(parts)('starts %s by the command of npm run part', (_, part) => {
    expect(part.command.slice(0, -1).join(' ')).toBe(manifest.scripts.part)
  })

  test.each(parts)('gives %s all that its part needs, and settings of the table only', (_, part) => {
    const env = environmentOf(part)
    const { settings, hints } = readSettings({ env })
    expect(hints).toEqual([])
    expect(Object.keys(env).filter((name) => !Object.hasOwn(settings, name))).toEqual([])
    assertPartSettings(partOf(part), settings)
  })

  test.each(parts)('points %s at the servers that the whole uses, and waits for them', (_, part) => {
    const { KAFKA_BROKERS, DATABASE_URL, CLICKHOUSE_URL, REDIS_URL } = whole.environment
    expect(part.environment).toMatchObject({ KAFKA_BROKERS, DATABASE_URL, CLICKHOUSE_URL, REDIS_URL })
    expect(part.depends_on).toEqual(whole.depends_on)
  })

  test('lets each be asked where it listens: nobody shares an address or a port of one network', () => {
    const networkOf = (name: string, { network_mode }: Part) => network_mode?.replace(/^service:/, '') ?? name
    for (const [name, part] of parts) {
      const { QUERY_ADDRESS, QUERY_PORT, QUERY_HOST } = part.environment
      expect([QUERY_ADDRESS, QUERY_HOST]).toEqual([`${networkOf(name, part)}:${QUERY_PORT}`, '0.0.0.0'])
    }
    const listening = parts.flatMap(([name, part]) => {
      const { QUERY_PORT, PORT } = part.environment
      return [`${networkOf(name, part)}:${QUERY_PORT}`, `${networkOf(name, part)}:${PORT}`]
    })
    expect(new Set(listening).size).toBe(listening.length)
  })

  test('keeps what each process keeps itself in a volume of its own', () => {
    expect(parts.flatMap(([, part]) => part.volumes)).toEqual(parts.map(([name]) => `${name}:/data`))
    expect(Object.keys(volumes)).toEqual(parts.map(([name]) => name))
  })

  test('takes secrets from the environment only, and publishes the API to this machine only', () => {
    for (const [, { environment }] of parts) {
      for (const name of ['QUERY_SECRET', 'TOKEN_SECRET', 'ADMIN_TOKEN'])
        expect(environment[name]).toMatch(/^\$\{\w+:\?/)
    }
    expect(parts.flatMap(([, { ports = [] }]) => ports)).toEqual(whole.ports)
  })
})
