/** Topologies on threads of their own: the same platform, however many there are, and also where that changes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { buy, openShop, openShopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform | null = null

afterEach(async () => {
  await platform?.close()
  platform = null
}, 60_000)
afterAll(removeDirectories)

test('what one number of threads began, another goes on with, to the cent', async () => {
  const dataDir = newDirectory('threads')
  platform = await openPlatform(dataDir, '--threads', '1')
  expect([[...platform.running.apps.keys()], platform.peers.neighbours().length]).toEqual([
    ['consumers', 'merchants', 'credit'],
    1,
  ])
  const first = new Caller(platform.server.localUrl)
  const shop = await openShop(first, platform.operatorToken, 'Discs')
  const shopper = await openShopper(first, 'Ada', { givenName: 'Score850' })
  await buy(first, shop, shopper, 'one-thread', 120_00)
  await expectWell(platform)
  for (const [threads, days] of [
    ['0', 15],
    ['3', 16],
    ['1', 30],
  ] as const) {
    await platform.close()
    platform = await openPlatform(dataDir, '--threads', threads)
    const caller = new Caller(platform.server.localUrl)
    await buy(caller, shop, shopper, `with-${threads}`, 30_00)
    await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, body: { days } })
    await expectWell(platform)
  }
}, 240_000)

test('a thread whose state cannot be opened keeps the platform from starting, and says why', async () => {
  const dataDir = newDirectory('threads-spoiled')
  mkdirSync(join(dataDir, 'state-1'))
  writeFileSync(join(dataDir, 'state-1', 'holiday.jpg'), 'x')
  await expect(openPlatform(dataDir, '--threads', '1')).rejects.toMatchObject({
    code: 'STORE_FORMAT',
    message: expect.stringContaining('state-1'),
  })
}, 60_000)
