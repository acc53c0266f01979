/** The start command as people use it: a process that is started, stopped, started again, and told wrong things. */
import { type AddressInfo, createServer } from 'node:net'
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { flagOf, SETTINGS } from '#main/settings-table.ts'
import { buy, confirm, offer, openShop, openShopper, PASSWORD, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { addressOf, endPrograms, Program, startProgram } from './program.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

afterEach(endPrograms)
afterAll(removeDirectories)

const UP_MS = 15_000
const STOP_MS = 10_000

type Health = {
  readonly status: string
  readonly pages: Readonly<Record<string, string>>
  readonly parts: readonly { readonly name: string; readonly status: string }[]
}

/** How many times longer things take here than on a machine that has nothing else to do: 1 or more. */
function crowding(): number {
  const [waiting = 0] = loadavg()
  return Math.max(1, waiting / availableParallelism())
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** How long it takes from now until the health page answers 200, and what it says. */
async function untilHealthy(url: string): Promise<{ readonly ms: number; readonly health: Health }> {
  const startedMs = performance.now()
  for (;;) {
    const response = await fetch(`${url}/healthz`).catch(() => null)
    const ms = performance.now() - startedMs
    if (response?.status === 200) return { ms, health: (await response.json()) as Health }
    await response?.body?.cancel()
    if (ms > 6 * UP_MS) throw new Error(`${url}/healthz: ${response?.status ?? 'no answer'} after ${ms} ms.`)
    await sleep(20)
  }
}

/** Interrupts a platform as Ctrl-C does; it must end by itself, in time and without a complaint. */
async function interrupt(program: Program): Promise<void> {
  program.signal('SIGINT')
  const startedMs = performance.now()
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - startedMs).toBeLessThan(STOP_MS * crowding())
  expect(program.stderr).toBe('')
}

/** A command that must refuse to start: what it says, by which code. */
async function refusal(program: Program): Promise<string> {
  expect(await program.ended).toEqual({ code: 1, signal: null })
  expect(program.stdout).not.toContain('Fourfold is up')
  return program.stderr
}

test('starts within 15 s, names its pages, stops on Ctrl-C, and goes on with its data', async () => {
  const dataDir = newDirectory('start')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const first = new Program('main/start.ts', ['--data-dir', dataDir, '--port', String(port)])
  const { ms, health } = await untilHealthy(url)
  expect(ms).toBeLessThan(UP_MS * crowding())
  expect(health.status).toBe('ok')
  expect(health.parts.filter((part) => part.name.startsWith('topology '))).toHaveLength(12)
  const { operatorToken } = await addressOf(first)
  for (const [name, page] of Object.entries(health.pages)) {
    const answer = await fetch(page)
    expect([name, answer.status]).toEqual([name, 200])
    await answer.body?.cancel()
    if (name !== 'openapi') expect(first.stdout).toContain(page)
  }

  const caller = new Caller(url)
  const shop = await openShop(caller, operatorToken, 'Discs')
  const shopper = await openShopper(caller, 'Ada', { givenName: 'Score850' })
  const bought = await buy(caller, shop, shopper, 'first', 5_000)
  expect(bought.status).toBe('AUTHORISED')
  await interrupt(first)

  const second = startProgram(dataDir)
  await goesOn(await addressOf(second), { shop, shopper, purchaseId: bought.purchaseId, operatorToken })
  await interrupt(second)
}, 240_000)

type Kept = { readonly shop: Shop; readonly shopper: Shopper; readonly purchaseId: string; operatorToken: string }

async function goesOn({ url, operatorToken }: { url: string; operatorToken: string }, kept: Kept): Promise<void> {
  expect(operatorToken).toBe(kept.operatorToken)
  const caller = new Caller(url)
  const body = { email: kept.shopper.email, password: PASSWORD }
  const { token } = await caller.post<{ token: string }>('/v1/sessions', { body })
  const purchase = await caller.get(`/v1/purchases/${kept.purchaseId}`, token)
  expect(purchase).toMatchObject({ status: 'CAPTURED', capturedMinor: 5_000, merchantReference: 'first' })
  const checkoutId = await offer(caller, kept.shop, 'second', 4_000)
  const again = await confirm(caller, { ...kept.shopper, token }, checkoutId, 'second')
  expect(again.status).toBe('AUTHORISED')
}

test('Ctrl-C that comes twice, as from a terminal and from npm, stops it no less cleanly', async () => {
  const dataDir = newDirectory('interrupted')
  const program = startProgram(dataDir)
  await addressOf(program)
  program.signal('SIGINT')
  await program.says(/Stopping/)
  program.signal('SIGINT')
  program.signal('SIGTERM')
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(program.stdout.match(/Stopping/g)).toHaveLength(1)
  expect(program.stderr).toBe('')
}, 240_000)

test('listens on an IPv6 address, and names its pages by it', async () => {
  const program = startProgram(newDirectory('ipv6'), '--host', '::1')
  const { url } = await addressOf(program)
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  const { health } = await untilHealthy(url)
  expect(health.pages['shop']).toBe(`${url}/shop`)
  await interrupt(program)
}, 240_000)

test('a second process on the same data fails at once and leaves the first one unharmed', async () => {
  const dataDir = newDirectory('twice')
  const first = startProgram(dataDir)
  const { url, operatorToken } = await addressOf(first)
  const said = await refusal(startProgram(dataDir))
  expect(said).toMatch(/^LOG_DIRECTORY_IN_USE: .*Stop that one, or give this one a directory of its own\.\n$/)
  await openShop(new Caller(url), operatorToken, 'Still here')
  const { health } = await untilHealthy(url)
  expect(health.status).toBe('ok')
  await interrupt(first)
}, 240_000)

test('a port that is in use is named, with what to do', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const program = new Program('main/start.ts', ['--data-dir', newDirectory('port'), '--port', String(port)])
    expect(await refusal(program)).toMatch(
      new RegExp(`^PORT_IN_USE: Port ${port} of 127\\.0\\.0\\.1 is in use\\. .*--port \\d+\\.\\n$`),
    )
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}, 240_000)

test('wrong settings are all named at once, and nothing is made', async () => {
  const program = new Program('main/start.ts', ['--port', 'many', '--data-dirr', 'x'], { CLOCK: 'sundial' })
  const said = await refusal(program)
  expect(said).toMatch(/^SETTINGS_INVALID: /)
  expect(said).toContain('--port is "many": it')
  expect(said).toContain('Did you mean --data-dir?')
  expect(said).toContain('CLOCK is "sundial"')
}, 120_000)

test('--help prints every setting with its default', async () => {
  const program = new Program('main/start.ts', ['--help'])
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(program.stderr).toBe('')
  const missing = SETTINGS.filter((setting) => !program.stdout.includes(`${flagOf(setting.name)} `))
  expect(missing).toEqual([])
  expect(program.stdout.match(/default: /g)).toHaveLength(SETTINGS.length)
}, 120_000)
