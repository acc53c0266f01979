import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { memoryLog } from '#streams'
import { openSchemas } from '../open-schemas.ts'
import { RegistryClient } from './client.ts'
import { Registry } from './registry.ts'
import { registryRoutes } from './routes.ts'

const note = (type: string) => ({
  type: 'record',
  namespace: 'fourfold',
  name: 'Note',
  fields: [{ name: 'text', type }],
})
const answering = (...statuses: number[]) => {
  let calls = 0
  return {
    fetch: () => Promise.resolve(new Response('{"error_code":1,"message":"no"}', { status: statuses[calls++] ?? 200 })),
    calls: () => calls,
  }
}

test('opens the schemas with a registry in this process, and with the same one by its URL', async () => {
  const app = new Hono().route('/registry', registryRoutes(await Registry.open(memoryLog())))
  const inProcess = await openSchemas(new RegistryClient({ url: 'http://in.process/registry', fetch: app.fetch }))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  try {
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const url = `http://somebody:secret@127.0.0.1:${port}/registry/`
    const remote = await openSchemas(new RegistryClient({ url }))
    const tick = {
      type: 'ClockTicked',
      time: 1,
      date: '1997-01-01',
      meta: {
        id: 'tick_1',
        source: 'clock',
        occurredAt: 1,
        businessDate: '1997-01-01',
        correlationId: 'tick_1',
        causationId: null,
        idempotencyKey: null,
      },
    } as const
    const bytes = inProcess.topics.clock.value.serialize(tick)
    expect(remote.topics.clock.value.deserialize(bytes)).toStrictEqual(tick)
  } finally {
    server.close()
  }
})

test('gives the schema of an id, and null where there is none', async () => {
  const app = registryRoutes(await Registry.open(memoryLog()))
  const client = new RegistryClient({ url: 'http://in.process', fetch: app.fetch })
  const id = await client.register('fourfold.Note', note('string'))
  expect(await client.schemaById(id)).toEqual(note('string'))
  expect(await client.schemaById(id + 1)).toBeNull()
  await expect(client.register('fourfold.Note', note('long'))).rejects.toMatchObject({
    code: 'SCHEMA_INCOMPATIBLE',
    message: expect.stringContaining('fourfold.Note.text: it was string and is long'),
  })
})

test('tries again while the registry fails, and gives up after so many times', async () => {
  const failing = answering(503, 500, 502)
  const client = new RegistryClient({ url: 'http://r', fetch: failing.fetch, attempts: 3, pauseMs: 1 })
  await expect(client.register('s', note('string'))).rejects.toMatchObject({
    code: 'SCHEMA_REGISTRY_UNAVAILABLE',
    message: expect.stringContaining('did not answer 3 times: HTTP 502 no'),
  })
  expect(failing.calls()).toBe(3)
})

test('does not repeat what the registry refuses, and says what it was', async () => {
  const refusing = answering(401)
  const client = new RegistryClient({ url: 'http://r', fetch: refusing.fetch, pauseMs: 1 })
  await expect(client.schemaById(1)).rejects.toMatchObject({
    code: 'SCHEMA_REGISTRY_REFUSED',
    message: expect.stringContaining('/schemas/ids/1: 401 1 no'),
  })
  expect(refusing.calls()).toBe(1)
})
