import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Platform, startPlatform } from '#main/platform.ts'
import { readSources } from '#main/reconciliation/read-sources.ts'
import { type ReconciliationLine, reconcile } from '#main/reconciliation/reconcile.ts'
import { readSettings } from '#main/settings.ts'
import { Caller } from './caller.ts'

const directories: string[] = []

/** A directory that `removeDirectories` takes away. */
export function newDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `fourfold-${name}-`))
  directories.push(directory)
  return directory
}

/** Removes what `newDirectory` made. For `afterAll`, when nothing writes there any more. */
export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
}

/** The whole platform in this process, on any free port; business time stands still unless it is moved. */
export function openPlatform(dataDir: string, ...args: readonly string[]): Promise<Platform> {
  const own = [
    '--data-dir',
    dataDir,
    '--port',
    '0',
    '--clock',
    'manual',
    '--clock-start',
    '2031-03-03',
    '--access-minutes',
    '1000000',
    '--session-days',
    '800',
  ]
  const { settings } = readSettings({ env: {}, args: [...own, ...args] })
  return startPlatform(settings, (error) => {
    throw error
  })
}

/** The lines of the reconciliation in which two sources differ: none must. */
export async function differences(platform: Platform): Promise<readonly ReconciliationLine[]> {
  const lines = reconcile(await readSources(platform))
  if (lines.length < 3) throw new Error('Nothing was reconciled: there are no amounts.')
  return lines.filter((line) => !line.equal)
}

type Status = {
  readonly topologies: readonly { app: string; state: string; deadLetters: number; parkedKeys: number }[]
}

/**
 * A platform must be as well as on its first day: every part in order, nothing parked, no dead letters anywhere, and
 * equal to the cent.
 */
export async function expectWell(platform: Platform): Promise<void> {
  expect(await differences(platform)).toEqual([])
  const caller = new Caller(platform.server.localUrl)
  const health = await caller.get<{ status: string; parts: { status: string }[] }>('/healthz')
  expect(health.parts.filter(({ status }) => status !== 'ok')).toEqual([])
  expect(health.status).toBe('ok')
  const { topologies } = await caller.get<Status>('/v1/operations/status', platform.operatorToken)
  expect(topologies).toHaveLength(12)
  const unwell = topologies.filter((one) => one.state !== 'RUNNING' || one.deadLetters + one.parkedKeys > 0)
  expect(unwell).toEqual([])
  expect(await deadLetterCount(platform)).toBe(0)
}

/** How many dead letters there are in the whole log, of topologies and of connectors. */
async function deadLetterCount({ storage: { log } }: Platform): Promise<number> {
  const topics = (await log.topics()).filter(({ name }) => name.endsWith('.dead-letters'))
  const partitions = topics.flatMap(({ name, partitions: count }) =>
    Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
  )
  return (await log.endOffsets(partitions)).reduce((sum, { offset }) => sum + offset, 0)
}
