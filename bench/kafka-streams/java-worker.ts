import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { mavenJars, requireJava, runTool } from '#streams/testing/kafka-broker'

/** The version of Kafka Streams that we are measured against. */
export const KAFKA_STREAMS_VERSION = '4.3.1'

/** A Java compiler that runs where there is a Java without one. */
const COMPILER = 'org.eclipse.jdt:ecj:3.33.0' as const

/**
 * Compiles `CountWorker.java` into a folder.
 * @returns the command that runs it, without the worker's arguments
 */
export async function compileJavaWorker(folder: string, jvmFlags: readonly string[]): Promise<readonly string[]> {
  const java = requireJava()
  const jars = await mavenJars(`kafka-streams-${KAFKA_STREAMS_VERSION}`, [
    `org.apache.kafka:kafka-streams:${KAFKA_STREAMS_VERSION}`,
    'org.slf4j:slf4j-simple:1.7.36',
  ])
  const compiler = await mavenJars('ecj-3.33.0', [COMPILER])
  const classes = join(folder, 'classes')
  await mkdir(classes, { recursive: true })
  const main = 'org.eclipse.jdt.internal.compiler.batch.Main'
  const source = join(import.meta.dirname, 'CountWorker.java')
  // The compiler knows no `*` in a class path.
  const every = (await readdir(jars)).map((jar) => join(jars, jar)).join(delimiter)
  const flags = ['--release', '17', '-nowarn', '-cp', every, '-d', classes]
  await runTool(java, ['-cp', join(compiler, '*'), main, ...flags, source])
  if (!existsSync(join(classes, 'CountWorker.class'))) throw new Error(`${source} was not compiled.`)
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'
  return [java, ...jvmFlags, quiet, '-cp', [join(jars, '*'), classes].join(delimiter), 'CountWorker']
}
