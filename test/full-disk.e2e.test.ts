/** A disk that fills up while people buy: the platform stops and says why, and nothing it promised is lost. */
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { stateQueries } from '#main/cluster/state-queries.ts'
import { NO_SMALL_DISK, type SmallDisk, smallDisk } from '#streams/testing'
import { type Confirmed, confirmation, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { addressOf, endPrograms, type Program, startProgram } from './program.ts'
import { differences, openPlatform, removeDirectories } from './test-platform.ts'

const DISK_MB = 320
const LEFT_MB = [32, 40, 48, 56]
const MB = 1_048_576
/** What fills the disk comes in such pieces, so fast. */
const PIECE_BYTES = MB / 2
const PIECE_MS = 10
const STOP_MS = 60_000

let mounted: SmallDisk | null = null

afterEach(async () => {
  await endPrograms()
  mounted?.remove()
})
afterAll(removeDirectories)

function freeBytes(disk: string): number {
  const { bavail, bsize } = statfsSync(disk)
  return bavail * bsize
}

/** Takes what is left, piece by piece, until the disk is full or somebody says stop. */
async function fillUp(disk: string, stop: AbortSignal): Promise<void> {
  for (let piece = 0; !stop.aborted; piece += 1) {
    try {
      writeFileSync(
        join(disk, 'ballast', String(piece)),
        Buffer.alloc(Math.max(1, Math.min(PIECE_BYTES, freeBytes(disk)))),
      )
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
    await sleep(PIECE_MS)
  }
}

/**
 * Starts with so little space left that a log cannot reserve what it will write: each further write needs new space. A
 * disk as full as that may refuse the start too, by a code; then it gets a little more.
 */
async function startOnLittle(disk: string, start: () => Program): Promise<{ program: Program; url: string }> {
  for (const leftMb of LEFT_MB) {
    writeFileSync(join(disk, 'ballast', 'first'), Buffer.alloc(0))
    writeFileSync(join(disk, 'ballast', 'first'), Buffer.alloc(freeBytes(disk) - leftMb * MB))
    const program = start()
    const up = await addressOf(program).catch(() => null)
    if (up !== null) return { program, url: up.url }
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stderr).toMatch(/^[A-Z_]+: .* space/)
  }
  throw new Error(`The platform does not start on ${LEFT_MB.at(-1)} MB.`)
}

type Buying = { readonly shop: Shop; readonly shopper: Shopper }
type Bought = { readonly key: string; readonly checkoutId: string; readonly purchaseId: string }

/** Buys one thing after the other until the platform does not answer any more; what was promised is what it said. */
async function buyOn(caller: Caller, { shop, shopper }: Buying, onBought: () => void): Promise<readonly Bought[]> {
  const promised: Bought[] = []
  for (let index = 0; ; index += 1) {
    const key = `disk-${index}`
    try {
      const checkoutId = await offer(caller, shop, key, 100)
      const path = `/v1/checkouts/${checkoutId}/confirm`
      const { status, body } = await caller.send<Confirmed>('POST', path, confirmation(shopper, key))
      if (status !== 200 || body.status !== 'AUTHORISED') return promised
      promised.push({ key, checkoutId, purchaseId: body.purchaseId })
      onBought()
    } catch {
      return promised
    }
  }
}

test('a platform on a full disk stops with its reason, and goes on where it was when there is space', async ({
  skip,
}) => {
  mounted = smallDisk(DISK_MB) ?? skip(NO_SMALL_DISK)
  const disk = mounted.path
  const dataDir = join(disk, 'data')
  const manual = ['--clock', 'manual', '--clock-start', '2031-03-03']
  const start = () => startProgram(dataDir, ...manual)

  const first = start()
  const { url, operatorToken } = await addressOf(first)
  const caller = new Caller(url)
  const shop = await openShop(caller, operatorToken, 'Discs')
  const shopper = await openShopper(caller, 'Ada', { givenName: 'Score850' })
  first.signal('SIGINT')
  expect(await first.ended).toEqual({ code: 0, signal: null })

  mkdirSync(join(disk, 'ballast'))
  const { program: second, url: secondUrl } = await startOnLittle(disk, start)
  const again = new Caller(secondUrl)
  const full = new AbortController()
  const bought = Promise.withResolvers<void>()
  const filling = bought.promise.then(() => fillUp(disk, full.signal))
  const promised = await buyOn(again, { shop, shopper }, bought.resolve)
  // What the platform closes with finds the disk full as well.
  await sleep(2_000)
  full.abort()
  bought.resolve()
  await filling
  const ending = await Promise.race([second.ended, sleep(STOP_MS, null)])
  console.log(`${promised.length} purchases were authorised before the disk was full\n${second.stderr}`)
  expect(promised.length).toBeGreaterThan(0)
  expect(ending).toEqual({ code: 1, signal: null })
  expect(second.stderr).toMatch(
    /^(LOG_STORAGE_FULL|STORE_FULL): (The topology \w+ has stopped: )?There is no space left .*Free some/,
  )

  rmSync(join(disk, 'ballast'), { recursive: true })
  const third = start()
  const after = new Caller((await addressOf(third)).url)
  for (const { key, checkoutId, purchaseId } of promised) {
    const path = `/v1/checkouts/${checkoutId}/confirm`
    const repeated = await after.insist<Confirmed>('POST', path, confirmation(shopper, key))
    expect(repeated.body).toMatchObject({ purchaseId, status: 'AUTHORISED' })
    expect(repeated.headers.get('idempotent-replayed')).toBe('true')
  }
  const more = await offer(after, shop, 'more', 100)
  const boughtMore = await after.post<Confirmed>(`/v1/checkouts/${more}/confirm`, confirmation(shopper, 'more'))
  expect(boughtMore.status).toBe('AUTHORISED')
  third.signal('SIGINT')
  expect(await third.ended).toEqual({ code: 0, signal: null })

  const platform = await openPlatform(dataDir)
  try {
    expect(await differences(platform)).toEqual([])
    for (const { purchaseId } of promised) {
      const state = await stateQueries(platform.running, platform.peers).get('purchases', 'purchases', purchaseId, {
        partitionKey: shopper.consumerId,
      })
      expect(state).toMatchObject({ status: 'AUTHORISED' })
    }
  } finally {
    await platform.close()
  }
}, 240_000)
