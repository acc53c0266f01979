import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithJava } from '#streams/testing'

type Ended = { readonly code: number | null; readonly said: string }

/** Runs the command and, where `until` is said, ends it with Ctrl-C. */
async function run(args: readonly string[], until?: RegExp, env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'kafka.ts'), ...args], { env })
  let said = ''
  let isAsked = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (isAsked || until?.test(said) !== true) return
      isAsked = true
      child.kill('SIGINT')
    })
  }
  const [code] = await once(child, 'close')
  return { code, said }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await once(server.close(), 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

test.each([
  [['--prt', '9092'], /Unknown option '--prt'[\s\S]*--port PORT/],
  [['--port', 'ninety'], /--port is a number from 1 to 65535, and not "ninety"/],
])('refuses %j and says what it knows', async (args, pattern) => {
  const { code, said } = await run(args)
  expect(code).toBe(1)
  expect(said).toMatch(pattern)
})

test('says how to get Java where there is none', async () => {
  const { code, said } = await run([], undefined, { PATH: '' })
  expect(code).toBe(1)
  expect(said).toMatch(/needs Java 17 or newer[\s\S]*apt-get install openjdk-17-jre-headless maven/)
  expect(said).not.toMatch(/\n\s+at /)
})

await describeWithJava('npm run kafka', () => {
  let dataDir = ''
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'npm-run-kafka-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  test('runs until Ctrl-C, and again on the same data', { timeout: 180_000 }, async () => {
    const port = String(await freePort())
    for (let start = 0; start < 2; start += 1) {
      const { code, said } = await run(['--port', port, '--data-dir', dataDir], /Ctrl-C stops it/)
      expect(said).toContain(`KAFKA_BROKERS=127.0.0.1:${port} npm start`)
      expect(code).toBe(0)
    }
  })

  test('says that its port is taken', { timeout: 60_000 }, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = String(typeof address === 'object' ? address?.port : '')
    const { code, said } = await run(['--port', port, '--data-dir', dataDir])
    server.close()
    expect(code).toBe(1)
    expect(said).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is in use`))
  })
})
