/** Fifty purchases at the same instant against a limit that is enough for six: exactly six pass. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { openShop } from './actors.ts'
import { Caller } from './caller.ts'
import { addressOf, endPrograms, startProgram } from './program.ts'
import { confirmAll, confirmOne, expectSixToPass, LIMIT, lineUp, type Outcome, PASS } from './race.ts'
import { differences, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

const PURCHASES = 50

afterEach(endPrograms)
afterAll(removeDirectories)

test('of 50 purchases of 100.00 at once against a limit of 600.00 exactly 6 pass', async () => {
  const platform = await openPlatform(newDirectory('race'))
  try {
    const caller = new Caller(platform.server.localUrl)
    const shop = await openShop(caller, platform.operatorToken, 'Discs')
    const race = await lineUp(caller, shop, 'racer', PURCHASES)
    const outcomes = await confirmAll(caller, race)
    expectSixToPass(outcomes)
    expect(await confirmAll(caller, race)).toEqual(outcomes)
    const consumer = await caller.get('/v1/consumers/me', race.shopper.token)
    expect(consumer).toMatchObject({ credit: { limitMinor: LIMIT, holdMinor: LIMIT, availableMinor: 0 } })
    expect(await differences(platform)).toEqual([])
  } finally {
    await platform.close()
  }
}, 120_000)

test('the same 6 pass where the platform is killed in the middle and all are asked for again', async () => {
  const dataDir = newDirectory('race-kill')
  const manual = ['--clock', 'manual', '--clock-start', '2031-03-03']
  const first = startProgram(dataDir, ...manual)
  const before = await addressOf(first)
  const caller = new Caller(before.url)
  const shop = await openShop(caller, before.operatorToken, 'Discs')
  const race = await lineUp(caller, shop, 'racer', PURCHASES)
  const answered = new Map<number, Outcome>()
  await Promise.allSettled(
    race.checkoutIds.map(async (_, index) => {
      const outcome = await confirmOne(caller, race, index)
      // Killed with the first answer, in the same turn, while the others still wait for theirs.
      first.signal('SIGKILL')
      answered.set(index, outcome)
    }),
  )
  await first.ended
  console.log(`${answered.size} of ${PURCHASES} were answered before the platform was killed`)
  expect(answered.size).toBeLessThan(PURCHASES)

  const second = startProgram(dataDir, ...manual)
  const outcomes = await confirmAll(new Caller((await addressOf(second)).url), race)
  expectSixToPass(outcomes)
  for (const [index, outcome] of answered) expect(outcomes[index]).toEqual(outcome)
  second.signal('SIGINT')
  expect(await second.ended).toEqual({ code: 0, signal: null })

  const platform = await openPlatform(dataDir)
  try {
    const sums = await platform.totals()
    expect(sums).toMatchObject({ purchases: PURCHASES, approved: PASS })
    expect(await differences(platform)).toEqual([])
  } finally {
    await platform.close()
  }
}, 180_000)
