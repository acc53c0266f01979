import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StreamsError } from '../../errors.ts'
import { findJavaTools, KAFKA_REMEDY, runTool } from './java-tools.ts'

/** The version of Apache Kafka that is started where none is asked for. */
export const KAFKA_VERSION = '4.3.1'

/** A Maven artifact as `group:artifact:version`. */
export type Artifact = `${string}:${string}:${string}`

const LOCK_WAIT_MS = 5 * 60_000

/**
 * The folder with the jars of a Kafka broker, fetched with Maven where it is not there yet.
 * @throws StreamsError BROKER_TOOLS_MISSING without Maven, BROKER_NOT_STARTED where Maven fails (no such version).
 */
export function kafkaJars(version: string): Promise<string> {
  // SLF4J's simple logger writes warnings to the broker's log file. Kafka 3 names classes of log4j 1 when it starts.
  const logging: Artifact[] = ['org.slf4j:slf4j-simple:1.7.36']
  if (version.startsWith('3.')) logging.push('ch.qos.reload4j:reload4j:1.2.25')
  return mavenJars(`kafka-${version}`, [`org.apache.kafka:kafka_2.13:${version}`, ...logging])
}

/** True where the jars of this version are in the cache, so that Maven is not needed. */
export async function hasKafkaJars(version: string): Promise<boolean> {
  return isThere(join(cacheFolder(), `kafka-${version}`))
}

/**
 * A folder with these artifacts and all they need at run time, under `~/.cache/fourfold` (or `XDG_CACHE_HOME`).
 * It is fetched once, also where two processes ask for it at the same time: one fetches, the other waits for it.
 * @param name of the folder; must say which artifacts and versions are in it
 */
export async function mavenJars(name: string, artifacts: readonly Artifact[]): Promise<string> {
  const folder = join(cacheFolder(), name)
  if (await isThere(folder)) return folder
  const { maven } = findJavaTools()
  if (maven === null) {
    throw new StreamsError(
      'BROKER_TOOLS_MISSING',
      `Maven fetches ${artifacts[0]}, and is not installed. ${KAFKA_REMEDY}`,
    )
  }
  await mkdir(cacheFolder(), { recursive: true })
  await withLock(`${folder}.lock`, async () => {
    if (!(await isThere(folder))) await fetchJars(maven, folder, artifacts)
  })
  return folder
}

/** Into a folder of its own first: what has the final name is complete. */
async function fetchJars(maven: string, folder: string, artifacts: readonly Artifact[]): Promise<void> {
  const partial = `${folder}.${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial)
  try {
    await writeFile(join(partial, 'pom.xml'), pom(artifacts))
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars']
    await runTool(maven, ['--quiet', '--batch-mode', ...goal], partial)
    await rename(join(partial, 'jars'), folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

function pom(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':')
    const id = `<groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>`
    return `<dependency>${id}</dependency>`
  })
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>fourfold</groupId><artifactId>jars</artifactId><version>1</version>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`
}

/** One process at a time; the lock of a process that no longer runs counts for nothing. */
async function withLock(path: string, work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_MS
  while (!(await take(path))) {
    if (performance.now() > deadline) {
      throw new StreamsError('BROKER_NOT_STARTED', `Another process has held ${path} for minutes; delete it.`)
    }
    await sleep(100)
  }
  try {
    await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    const holder = Number(await readFile(path, 'utf8').catch(() => ''))
    // An empty file is a lock that is being written just now.
    if (holder > 0 && !isRunning(holder)) await rm(path, { force: true })
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isThere(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  return names.length > 0
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'fourfold')
}
