/** Somebody else's client of the Confluent REST API against our registry, and each reading what the other wrote. */
import { type ServerType, serve } from '@hono/node-server'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { memoryLog } from '#streams'
import { openSchemas } from '../open-schemas.ts'
import { sampleRecord } from '../sample-record.ts'
import { RegistryClient } from './client.ts'
import { Registry } from './registry.ts'
import { registryRoutes } from './routes.ts'

let server: ServerType
let url: string
let outside: SchemaRegistry

beforeAll(async () => {
  const app = new Hono().route('/registry', registryRoutes(await Registry.open(memoryLog())))
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/registry`
  outside = new SchemaRegistry({ host: url, retry: { retries: 0 } })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const order = (...more: object[]) => ({
  type: SchemaType.AVRO as const,
  schema: JSON.stringify({
    ...{ type: 'record', namespace: 'shop', name: 'Order' },
    fields: [{ name: 'orderId', type: 'string' }, { name: 'amountMinor', type: 'long' }, ...more],
  }),
})

test('registers, finds again, encodes and decodes', async () => {
  const { id } = await outside.register(order(), { subject: 'shop.Order' })
  expect(await outside.register(order(), { subject: 'shop.Order' })).toEqual({ id })
  const bytes = await outside.encode(id, { orderId: 'o1', amountMinor: 5727 })
  const another = new SchemaRegistry({ host: url })
  expect(await another.decode(bytes)).toMatchObject({ orderId: 'o1', amountMinor: 5727 })
  expect(await another.getLatestSchemaId('shop.Order')).toBe(id)
  expect(await another.getRegistryId('shop.Order', 1)).toBe(id)
  expect(await another.getRegistryIdBySchema('shop.Order', order())).toBe(id)
})

test('adds a field with a default, and is refused where old records could not be read', async () => {
  const first = await outside.register(order(), { subject: 'shop.Evolving' })
  const second = await outside.register(order({ name: 'note', type: 'string', default: '' }), {
    subject: 'shop.Evolving',
  })
  expect(second.id).not.toBe(first.id)
  await expect(
    outside.register(order({ name: 'mark', type: 'string' }), { subject: 'shop.Evolving' }),
  ).rejects.toMatchObject({ status: 409 })
  expect(await outside.getLatestSchemaId('shop.Evolving')).toBe(second.id)
})

test('is told what there is not', async () => {
  await expect(outside.getLatestSchemaId('shop.Nothing')).rejects.toMatchObject({ status: 404 })
  await expect(outside.getSchema(999_999)).rejects.toMatchObject({ status: 404 })
})

test('reads what the platform wrote, and the platform what it wrote', async () => {
  const { topics } = await openSchemas(new RegistryClient({ url }))
  const { value } = topics.purchaseEvents
  const event = sampleRecord('PurchaseCaptured')
  const decoded = (await outside.decode(value.serialize(event))) as object
  // The record's name is in its schema and not in its bytes; a date is in them as days since 1970.
  const { type, ...fields } = event
  expect(type).toBe('PurchaseCaptured')
  const businessDate = dateToMs(event.meta.businessDate) / 86_400_000
  expect(decoded).toMatchObject({ ...fields, meta: { ...event.meta, businessDate } })
  const id = await outside.getLatestSchemaId('fourfold.PurchaseCaptured')
  expect(value.deserialize(await outside.encode(id, decoded))).toEqual(event)
})
