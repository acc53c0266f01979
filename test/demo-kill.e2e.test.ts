/**
 * The demo, killed again and again in the middle of whatever it does, comes to the same end as one that is left alone:
 * the same decisions, the same money, the same events, each once. `DEMO_KILL_LIMIT` takes more purchases of the file,
 * `DEMO_KILLS` kills more often, `TEST_SEED` repeats the moments of a run.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type Random, seededRandom, testSeed } from '#streams/testing'
import { endPrograms, Program } from './program.ts'
import { recordedEvents, unlike } from './recorded-events.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

const LIMIT = Number(process.env['DEMO_KILL_LIMIT'] ?? 60)
const KILLS = Number(process.env['DEMO_KILLS'] ?? 20)
/** So many of the kills fall into the first moments of a process: opening, restoring, joining. */
const KILLS_AT_START = Math.floor(KILLS / 3)
const START_MS = 3_000
/** A kill that is meant for the start does not wait until much of the work is done. */
const START_PROGRESS = 2
const LOOK_MS = 5

afterEach(endPrograms)
afterAll(removeDirectories)

type DemoJson = {
  readonly purchases: number
  readonly approved: number
  readonly declined: Readonly<Record<string, number>>
  readonly refused: number
  readonly volume: number
  readonly reconciled: boolean
  readonly differences: readonly unknown[]
}

type Finished = { readonly table: string; readonly business: Omit<DemoJson, 'reconciled' | 'differences'> }

function demo(dataDir: string): Program {
  // Its temporary files go with the data: a process that is killed tidies up nothing.
  const TMPDIR = join(dataDir, 'tmp')
  mkdirSync(TMPDIR, { recursive: true })
  return new Program('main/demo.ts', ['--limit', String(LIMIT), '--data-dir', dataDir, '--json'], { TMPDIR })
}

/** Waits for the end of a run, which must be a good one, and reads what it came to. */
async function finish(program: Program): Promise<Finished> {
  const ending = await program.ended
  expect([ending, program.stderr.replaceAll(/^\d{4}-\d\d-\d\d {2}\d+ %\n/gm, '')]).toEqual([
    { code: 0, signal: null },
    '',
  ])
  const lines = program.stdout.trimEnd().split('\n')
  const { reconciled, differences, ...result } = JSON.parse(lines.at(-1) ?? '') as DemoJson
  expect({ reconciled, differences }).toEqual({ reconciled: true, differences: [] })
  const table = lines.slice(lines.findIndex((line) => line.startsWith('  purchases ')))
  const { purchases, approved, declined, refused, volume } = result
  return {
    table: table
      .slice(
        0,
        table.findIndex((line) => line.trim() === ''),
      )
      .join('\n'),
    business: { purchases, approved, declined, refused, volume },
  }
}

/** How far the driver has come: each customer who has arrived and each day that is over is a line. */
function progressOf(dataDir: string): number {
  const path = join(dataDir, 'demo.jsonl')
  return existsSync(path) ? new Set(readFileSync(path, 'utf8').split('\n').slice(0, -1)).size : 0
}

/** When a run is killed: so long after it has come so far; after its start where `progress` is null. */
type Moment = { readonly progress: number | null; readonly ms: number }

/** Lets a run go on until its moment, and kills it. False where it had come to its end before. */
async function killAt(dataDir: string, { progress, ms }: Moment): Promise<boolean> {
  const [program, startedMs, before] = [demo(dataDir), performance.now(), progressOf(dataDir)]
  const isTime = () => {
    const done = progressOf(dataDir)
    if (progress !== null) return done >= progress
    return performance.now() - startedMs >= ms || done >= before + START_PROGRESS
  }
  while (program.ending === null && !isTime()) await sleep(LOOK_MS)
  if (progress !== null) await sleep(ms)
  const { code, signal } = await program.kill()
  if (signal === null && code !== 0) throw new Error(`The demo failed:\n${program.stdout}\n${program.stderr}`)
  return signal !== null
}

/** When to kill: spread over the start of a process, the shopping and the days that follow, in the order of the run. */
function momentsOf(random: Random, progressMax: number): Moment[] {
  const working = Array.from({ length: KILLS - KILLS_AT_START }, () => 1 + random.int(Math.floor(progressMax * 0.9)))
  const moments: Moment[] = working.sort((a, b) => a - b).map((progress) => ({ progress, ms: random.int(100) }))
  for (let kill = 0; kill < KILLS_AT_START; kill += 1) {
    moments.splice(random.int(moments.length + 1), 0, { progress: null, ms: random.int(START_MS) })
  }
  return moments
}

test(`killed ${KILLS} times, the demo comes to the same end as one that is left alone`, async () => {
  const random = seededRandom(testSeed())
  console.log(`TEST_SEED=${random.seed} DEMO_KILL_LIMIT=${LIMIT} DEMO_KILLS=${KILLS}`)
  const [calm, other, killed] = [newDirectory('calm'), newDirectory('other'), newDirectory('killed')]

  const [undisturbed, again] = await Promise.all([finish(demo(calm)), finish(demo(other))])
  expect(undisturbed.business.purchases).toBe(LIMIT)
  expect(again).toEqual(undisturbed)

  let kills = 0
  for (const moment of momentsOf(random, progressOf(calm))) kills += (await killAt(killed, moment)) ? 1 : 0
  // On a machine much faster than this test thinks, the last of them may come too late.
  expect(kills).toBeGreaterThanOrEqual(KILLS * 0.9)
  expect(await finish(demo(killed))).toEqual(undisturbed)

  const [calmEvents, otherEvents, killedEvents] = [
    await recordedEvents(calm),
    await recordedEvents(other),
    await recordedEvents(killed),
  ]
  console.log(`${calmEvents.length} events of ${undisturbed.business.purchases} purchases`)
  expect(calmEvents.length).toBeGreaterThan(LIMIT * 20)
  expect(unlike(otherEvents, calmEvents)).toEqual([])
  expect(unlike(killedEvents, calmEvents)).toEqual([])
}, 900_000)
