import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom, testSeed } from '../../testing/seed.ts'
import type { Log } from '../log.ts'
import { openEmbeddedLog } from './embedded-log.ts'

const CHILD = join(import.meta.dirname, 'embedded-log.child.ts')
const KILLS = 15

describe('the embedded log, its process killed,', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'embedded-log-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  test('has every acknowledged transaction and no half of one, however often it dies', {
    timeout: 180_000,
  }, async () => {
    const random = seededRandom(testSeed())
    console.info(`seed ${random.seed}`)
    let acknowledged = [0, 0, 0]
    for (let kill = 0; kill < KILLS; kill++) {
      acknowledged = await writeUntilKilled(directory, 1 + random.int(150), acknowledged)
      const log = await openEmbeddedLog({ directory })
      try {
        for (let writer = 0; writer < 3; writer++) await checkWriter(log, writer, acknowledged[writer] as number)
      } finally {
        await log.close()
      }
    }
    expect(Math.min(...acknowledged)).toBeGreaterThan(0)
  })
})

/** Everything of transactions 1 to n of the writer is there, in order; nothing of a later one is; and n is enough. */
async function checkWriter(log: Log, writer: number, acknowledged: number): Promise<void> {
  const [position] = await log.committed('writers', [{ topic: 'input', partition: writer }])
  const last = position?.offset ?? 0
  expect(last).toBeGreaterThanOrEqual(acknowledged)
  const numbers = Array.from({ length: last }, (_, index) => index + 1)
  expect(await readNumbers(log, 'right', writer)).toEqual(numbers)
  expect(await readNumbers(log, 'left', writer)).toEqual(numbers.flatMap((n) => Array(1 + (n % 7)).fill(n)))
}

async function readNumbers(log: Log, topic: string, partition: number): Promise<number[]> {
  if (!(await log.topics()).some(({ name }) => name === topic)) return []
  const numbers: number[] = []
  const [end] = await log.endOffsets([{ topic, partition }])
  for (let offset = 0; offset < (end?.offset ?? 0); ) {
    const [one] = await log.fetch({ positions: [{ topic, partition, offset }], maxBytes: 1 << 20, maxWaitMs: 0 })
    numbers.push(...(one?.records ?? []).map(({ value }) => (value as Buffer).readUInt32BE()))
    offset = one?.nextOffset ?? Infinity
  }
  return numbers
}

/** Runs the process until `ms` after its first acknowledgement, and answers with the last one of each writer. */
async function writeUntilKilled(directory: string, ms: number, before: readonly number[]): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, directory, 'write'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), ms))
  await new Promise((resolve) => child.once('close', resolve))
  expect(child.signalCode).toBe('SIGKILL')
  const acknowledged = [...before]
  for (const line of output.slice(0, output.lastIndexOf('\n')).split('\n')) {
    const [writer, n] = line.split(' ').map(Number)
    if (writer !== undefined && n !== undefined) acknowledged[writer] = n
  }
  return acknowledged
}
