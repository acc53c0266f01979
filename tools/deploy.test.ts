/** Holds the Dockerfile and docker-compose.yml against the settings table and package.json, without a Docker engine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { kafkaOptions } from '#main/kafka-options.ts'
import { readSettings } from '#main/settings.ts'
import { KEEPS_MARKERS } from '#streams/testing/kafka-broker'
import manifest from '../package.json' with { type: 'json' }
import { ROOT } from './tidy/sources.ts'

type Service = {
  readonly image?: string
  readonly build?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}
type Compose = {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, null>>
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as Compose
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
const services = Object.entries(compose.services)
/** Those that come as a ready image; the platform has its health check in the Dockerfile. */
const servers = services.filter(([name]) => name !== 'platform')
const platform = compose.services['platform'] ?? {}

/** The environment as Compose gives it to the platform where nothing else is set: `${NAME:-default}` is its default. */
function platformEnvironment(): Record<string, string> {
  const entries = Object.entries(platform.environment ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace(/\$\{\w+:-([^}]*)\}/g, '$1')]))
}

describe('docker-compose.yml', () => {
  test('brings the platform and every server it can use', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['clickhouse', 'kafka', 'platform', 'postgres', 'redis'])
  })

  test('gives the platform settings of the table only, with values that it accepts', () => {
    const { settings, hints } = readSettings({ env: platformEnvironment() })
    expect(hints).toEqual([])
    const known = Object.keys(platform.environment ?? {}).filter((name) => Object.hasOwn(settings, name))
    expect(known).toEqual(Object.keys(platform.environment ?? {}))
    expect(settings).toMatchObject({ HOST: '0.0.0.0', PORT: 8080, DATA_DIR: '/data' })
  })

  test('points the platform at the servers it brings, with their user, password and database', () => {
    const { settings } = readSettings({ env: platformEnvironment() })
    const { DATABASE_URL, CLICKHOUSE_URL, REDIS_URL } = settings
    const given = (name: string) =>
      JSON.stringify(compose.services[name]?.environment).replace(/\$\{\w+:-(\w*)\}/g, '$1')
    const postgres = new URL(DATABASE_URL ?? '')
    expect(compose.services[postgres.hostname]?.image).toMatch(/^postgres:/)
    expect(JSON.parse(given('postgres'))).toEqual({
      POSTGRES_USER: postgres.username,
      POSTGRES_PASSWORD: postgres.password,
      POSTGRES_DB: postgres.pathname.slice(1),
    })
    const clickhouse = new URL(CLICKHOUSE_URL ?? '')
    expect(compose.services[clickhouse.hostname]?.image).toMatch(/^clickhouse\//)
    expect(JSON.parse(given('clickhouse'))).toEqual({
      CLICKHOUSE_USER: clickhouse.username,
      CLICKHOUSE_PASSWORD: clickhouse.password,
      CLICKHOUSE_DB: clickhouse.pathname.slice(1),
    })
    expect(compose.services[new URL(REDIS_URL ?? '').hostname]?.image).toMatch(/^redis:/)
    const [broker = ''] = kafkaOptions(settings, 'test').brokers
    expect(compose.services[broker.split(':')[0] ?? '']?.image).toBe(`apache/kafka:${KEEPS_MARKERS}`)
    const listener = compose.services['kafka']?.environment?.['KAFKA_ADVERTISED_LISTENERS']
    expect(listener).toBe(`PLAINTEXT://${broker}`)
  })

  test('publishes the port the platform listens on, to this machine only', () => {
    expect(platform.ports).toEqual([`127.0.0.1:8080:${platform.environment?.['PORT']}`])
  })

  test.each(servers)('pins the version of %s', (_, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+/)
  })

  test.each(servers)('asks %s whether it is healthy', (_, { healthcheck }) => {
    expect(healthcheck?.test[0]).toBe('CMD')
    expect(healthcheck?.test.length).toBeGreaterThan(1)
  })

  test.each(services)('keeps the data of %s in a volume that is declared', (_, { volumes = [] }) => {
    expect(volumes).not.toEqual([])
    for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
  })

  test('starts the platform when the servers it uses are healthy', () => {
    expect(platform.depends_on).toEqual({
      kafka: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
      clickhouse: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    })
  })

  test('mounts a volume where the platform keeps its data', () => {
    expect(platform.volumes?.map((volume) => volume.split(':')[1])).toContain(platform.environment?.['DATA_DIR'])
  })
})

describe('Dockerfile', () => {
  test('runs on the version of Node that package.json brings', () => {
    expect(dockerfile).toContain(`\nFROM node:${manifest.dependencies.node}-`)
  })

  test('installs the system library that the store needs, and does not run as root', () => {
    expect(dockerfile).toContain('libatomic1')
    expect(dockerfile).toMatch(/\nUSER node\n[\s\S]*\nCMD /)
  })

  test('starts the platform by the command of npm start', () => {
    const command = /\nCMD (\[.*\])/.exec(dockerfile)?.[1] ?? '[]'
    expect((JSON.parse(command) as string[]).join(' ')).toBe(manifest.scripts.start)
  })

  test('asks the platform whether it is healthy', () => {
    expect(dockerfile).toMatch(/\nHEALTHCHECK [\s\S]*\/healthz/)
  })

  test('sets settings of the table only, with values that the platform accepts', () => {
    const line = /^ENV (.+)$/m.exec(dockerfile)?.[1] ?? ''
    const env = Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string]))
    const { settings } = readSettings({ env })
    expect(settings).toMatchObject({ HOST: '0.0.0.0', PORT: 8080, DATA_DIR: '/data' })
    expect(Object.keys(env).filter((name) => !Object.hasOwn(settings, name))).toEqual([])
    expect(dockerfile).toContain(`\nEXPOSE ${env['PORT']}\n`)
  })

  test('starts what npm start starts', () => {
    expect(dockerfile).toContain(`CMD ${JSON.stringify(manifest.scripts.start.split(' ')).replaceAll(',', ', ')}`)
  })
})
