import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StreamsError } from '../../errors.ts'

/** Apache Kafka 4 needs at least this Java. */
const JAVA_VERSION_MIN = 17

/** How to get what is missing; every message about it ends with this. */
export const KAFKA_REMEDY =
  'Install Java 17 and Maven (Debian: apt-get install openjdk-17-jre-headless maven), or start Docker, ' +
  'or set KAFKA_BROKERS to the address of a broker that tests may fill.'

const execute = promisify(execFile)

/** What a broker without Docker needs: null where it is not installed. */
export type JavaTools = { readonly java: string | null; readonly maven: string | null }

let found: JavaTools | undefined

/** Looks for Java 17 or newer (`JAVA_HOME` first) and Maven; the answer is kept, because asking costs 0.3 s. */
export function findJavaTools(): JavaTools {
  found ??= { java: findJava(), maven: runs('mvn', ['--version']) ? 'mvn' : null }
  return found
}

/** @throws StreamsError BROKER_TOOLS_MISSING where there is no Java, or one that is too old. */
export function requireJava(): string {
  const { java } = findJavaTools()
  if (java !== null) return java
  throw new StreamsError(
    'BROKER_TOOLS_MISSING',
    `A Kafka broker needs Java ${JAVA_VERSION_MIN} or newer, and none is installed. ${KAFKA_REMEDY}`,
  )
}

/** A tool that comes with Java, such as `keytool`. */
export function javaTool(java: string, name: string): string {
  return java.endsWith('java') ? join(java.slice(0, -'java'.length), name) : name
}

/**
 * Runs a command to its end.
 * @throws StreamsError BROKER_NOT_STARTED with what the command said.
 */
export async function runTool(command: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { maxBuffer: 16 * 1024 * 1024, ...(cwd && { cwd }) })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const said = `${stdout}${stderr}`.trim() || String(error)
    throw new StreamsError('BROKER_NOT_STARTED', `${command} ${args[0] ?? ''} failed: ${said}`, { cause: error })
  }
}

function findJava(): string | null {
  const home = process.env['JAVA_HOME']
  const candidates = home ? [join(home, 'bin', 'java'), 'java'] : ['java']
  return candidates.find((java) => javaVersion(java) >= JAVA_VERSION_MIN) ?? null
}

/** 17 for `openjdk version "17.0.15"`, 8 for `java version "1.8.0_401"`, 0 where there is none. */
function javaVersion(java: string): number {
  const { stderr, status } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  const [, major = '0', minor = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(status === 0 ? stderr : '') ?? []
  return Number(major === '1' ? minor : major)
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
