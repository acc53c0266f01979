import { afterEach, expect, test } from 'vitest'
import { Closers } from './closers.ts'
import { openQueryDoor } from './query-door.ts'
import { readSettings } from './settings.ts'

let closers = new Closers()
afterEach(async () => {
  await closers.closeAll(() => undefined)
  closers = new Closers()
})
const open = (env: Record<string, string>) => openQueryDoor(readSettings({ env }).settings, closers)

test('opens no door without a secret', async () => {
  expect(await open({})).toBeNull()
})

test('opens one on loopback, and asks with the secret', async () => {
  const door = await open({ QUERY_SECRET: 'swordfish' })
  expect(door?.queryServer.address).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(door?.advertisedAddress).toBeUndefined()
  door?.queryServer.serve('app', async () => 'yes')
  const response = await fetch(`http://${door?.queryServer.address}/query/app`, { method: 'POST' })
  expect(response.status).toBe(401)
})

test('says where others reach it', async () => {
  const door = await open({ QUERY_SECRET: 's', QUERY_HOST: '0.0.0.0', QUERY_ADDRESS: 'node-7:7071' })
  expect(door?.advertisedAddress).toBe('node-7:7071')
})

test.each([
  [{ QUERY_ADDRESS: 'node-7:7071' }, /QUERY_SECRET must be/],
  [{ QUERY_SECRET: 'hunter2', QUERY_HOST: '0.0.0.0' }, /set QUERY_ADDRESS/],
])('refuses what does not fit together: %j', async (env, message) => {
  const problem = await open(env as Record<string, string>).catch((error: unknown) => String(error))
  expect(problem).toMatch(message)
  expect(problem).not.toContain('hunter2')
})
