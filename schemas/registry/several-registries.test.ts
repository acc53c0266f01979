/** Several processes register with one log at the same time, and nobody is between them. */
import { beforeEach, expect, test } from 'vitest'
import { type Log, memoryLog, nextCommits } from '#streams'
import { Registry } from './registry.ts'
import { registryRoutes } from './routes.ts'

const NAMES = Array.from({ length: 12 }, (_, index) => `Note${index}`)

let log: Log
let registries: Registry[]

beforeEach(async () => {
  log = memoryLog()
  registries = await Promise.all([Registry.open(log), Registry.open(log), Registry.open(log)])
})

const request = (name: string, type = 'string') => ({
  schema: JSON.stringify({ type: 'record', namespace: 'shop', name, fields: [{ name: 'text', type }] }),
})

test('one schema registered by all at once has one id and one version', async () => {
  const versions = await Promise.all(registries.map((registry) => registry.register('shop.Note', request('Note'))))
  for (const version of versions) expect(version).toMatchObject({ id: 1, version: 1 })
  const [end] = await log.endOffsets([{ topic: '_schemas', partition: 0 }])
  expect(end?.offset).toBe(1)
})

test('different schemas registered by all at once have ids of their own, the same for everybody', async () => {
  const all = await Promise.all(
    registries.map((registry, offset) => {
      // Each in an order of its own, as processes that start at different moments.
      const names = [...NAMES.slice(offset * 4), ...NAMES.slice(0, offset * 4)]
      return Promise.all(names.map(async (name) => [name, (await registry.register(name, request(name))).id] as const))
    }),
  )
  const ids = all.map((entries) => Object.fromEntries([...entries].sort(([a], [b]) => a.localeCompare(b))))
  expect(new Set(Object.values(ids[0] ?? {})).size).toBe(NAMES.length)
  expect(ids[1]).toEqual(ids[0])
  expect(ids[2]).toEqual(ids[0])
})

test('what another process has registered is answered, by id and by subject', async () => {
  const [first, second] = registries.map((registry) => registryRoutes(registry))
  const init = { method: 'POST', body: JSON.stringify(request('Note')) }
  await first?.request('/subjects/shop.Note/versions', init)
  expect(await (await second?.request('/schemas/ids/1'))?.json()).toEqual({ schema: request('Note').schema })
  expect(await (await second?.request('/subjects'))?.json()).toEqual(['shop.Note'])
  await second?.request('/subjects/shop.Note', { method: 'DELETE' })
  expect(await (await first?.request('/subjects'))?.json()).toEqual([])
})

test('a schema is refused by what another process has registered', async () => {
  await registries[0]?.register('shop.Note', request('Note'))
  await expect(registries[1]?.register('shop.Note', request('Note', 'long'))).rejects.toMatchObject({ errorCode: 409 })
})

test('a write whose outcome nobody knows is looked at, and not made twice', async () => {
  log = memoryLog({ faults: { commit: nextCommits('unknown-committed') } })
  const registry = await Registry.open(log)
  expect(await registry.register('shop.Note', request('Note'))).toMatchObject({ id: 1, version: 1 })
  expect(await registry.register('shop.Other', request('Other'))).toMatchObject({ id: 2 })
  expect(registry.versions('shop.Note', true)).toHaveLength(1)
})
