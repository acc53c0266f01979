/**
 * A small world for the tests of the runtime: words go in, each word's count goes out each time it changes, and the
 * counts are kept in a store. Exactly once is plain to see in it: the counts of a word are 1, 2, 3, … without a gap or
 * a repeat, and end at the number of times it was said.
 */
import { expect } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import type { Log, LogRecord, ProducerRecord, TopicSpec } from '../log/log.ts'
import { partitionFor } from '../log/partitioner.ts'
import { StreamsApp } from '../runtime/app.ts'
import type { StreamsAppHooks } from '../runtime/app-hooks.ts'
import type { StreamsAppOptions } from '../runtime/app-options.ts'
import type { TaskStatus } from '../runtime/status.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { storePrefix, storeRange } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic } from '../topology/internal-topics.ts'
import type { Topic } from '../topology/topic.ts'
import type { Topology } from '../topology/topology.ts'

export const PARTITIONS = 3

const spec = (name: string): TopicSpec => ({ name, partitions: PARTITIONS, cleanup: 'delete', retentionMs: -1 })

export const WORDS: Topic<string> = { ...spec('words'), key: stringSerde, value: stringSerde }
export const COUNTS: Topic<number> = { ...spec('counts'), key: stringSerde, value: jsonSerde<number>() }

/** Counts words, behind a repartition: two sub-topologies, and a record crosses two tasks. */
export function wordCountTopology(name = 'word-count'): Topology {
  const builder = new StreamsBuilder(name)
  const totals = builder.store('totals', { value: jsonSerde<number>() })
  builder
    .stream('words', WORDS)
    .selectKey('by-word', (word) => word)
    .repartition('words-by-word', { value: stringSerde, partitions: PARTITIONS })
    .groupByKey()
    .count('count', { store: totals })
    .toStream()
    .to('counts', COUNTS)
  return builder.build()
}

/** An application on this log that has started. */
export async function startWordCount(
  options: Partial<StreamsAppOptions> & Pick<StreamsAppOptions, 'log' | 'backend'>,
): Promise<StreamsApp> {
  const app = new StreamsApp({ topology: wordCountTopology(), instanceId: 'one', ...options })
  await app.start()
  return app
}

/** Says each word once, with the number of the speaker as the record's key. */
export async function say(log: Log, words: readonly string[]): Promise<readonly number[]> {
  return await log.append(
    words.map((word, index): ProducerRecord => {
      const key = Buffer.from(String(index % 7))
      return { topic: 'words', partition: partitionFor(key, PARTITIONS), timestampMs: 1, key, value: Buffer.from(word) }
    }),
  )
}

/** Waits until these applications have all tasks between them, and have dealt with everything in their inputs. */
export async function caughtUp(...apps: readonly StreamsApp[]): Promise<void> {
  let seen = ''
  const isIdle = async () => {
    const found = await Promise.all(apps.map((app) => app.status()))
    seen = found.map((status) => `${status.app} ${status.state}: ${status.tasks.map(shortly).join(' ')}`).join('; ')
    const tasks = found.flatMap((status) => status.tasks)
    return tasks.length === found[0]?.taskCount && tasks.every(({ state, lag }) => state === 'RUNNING' && lag === 0)
  }
  // Twice, since what one task has finished may be on its way to another one.
  await until(
    async () => (await isIdle()) && (await isIdle()),
    10_000,
    () => seen,
  )
}

const shortly = ({ id, state, lag }: TaskStatus) => `${id} ${state} ${lag}`

/** Looks again and again until something holds. */
export async function until(check: () => Promise<boolean> | boolean, withinMs = 10_000, why = () => ''): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`It did not come about within ${withinMs} ms. ${why()}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Every record of a topic, in the order of each partition. */
export async function readTopic(log: Log, topic: string): Promise<LogRecord[]> {
  const partitions = Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
  const [begins, ends] = [await log.beginningOffsets(partitions), await log.endOffsets(partitions)]
  const records: LogRecord[] = []
  for (const [index, begin] of begins.entries()) {
    for (let offset = begin.offset; offset < (ends[index]?.offset ?? 0); ) {
      const [part] = await log.fetch({ positions: [{ ...begin, offset }], maxBytes: 1e6, maxWaitMs: 0 })
      records.push(...(part?.records ?? []))
      offset = part?.nextOffset ?? offset
    }
  }
  return records
}

/** Checks that every word was counted exactly as often as it was said, each count written once and in order. */
export async function expectExactlyOnce(log: Log, said: readonly string[], message = ''): Promise<void> {
  const expected = new Map<string, number>()
  for (const word of said) expected.set(word, (expected.get(word) ?? 0) + 1)
  const found = new Map<string, number[]>()
  for (const { key, value } of await readTopic(log, 'counts')) {
    const word = key?.toString() ?? ''
    const counts = found.get(word)
    if (counts === undefined) found.set(word, [Number(value)])
    else counts.push(Number(value))
  }
  expect([...found.keys()].sort(), message).toEqual([...expected.keys()].sort())
  for (const [word, total] of expected) {
    expect(found.get(word), `${message} counts of ${word}`).toEqual(Array.from({ length: total }, (_, i) => i + 1))
  }
}

/** Checks that the stores of all tasks, wherever they are, hold what their changelogs say. */
export async function expectStoresEqualChangelogs(
  log: Log,
  backendOf: (taskId: string) => StoreBackend | undefined,
  message = '',
): Promise<void> {
  const folded = new Map<string, Record<string, string>>()
  for (const { partition, key, value } of await readTopic(log, changelogTopic('word-count', 'totals'))) {
    const state = folded.get(taskOf(partition)) ?? {}
    if (value === null) delete state[key?.toString() ?? '']
    else state[key?.toString() ?? ''] = value.toString()
    folded.set(taskOf(partition), state)
  }
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const taskId = taskOf(partition)
    const prefix = storePrefix('word-count', taskId, 'totals')
    const entries = (await backendOf(taskId)?.scan({ range: storeRange(prefix) })) ?? []
    const stored = entries.map(([key, value]) => [key.subarray(prefix.length).toString(), value.toString()])
    expect(Object.fromEntries(stored), `${message} ${taskId}`).toEqual(folded.get(taskId) ?? {})
  }
}

const taskOf = (partition: number) => `words-by-word.${partition}`

/** Hooks that write down what happened, a line each. */
export function recordingHooks(): { readonly hooks: StreamsAppHooks; readonly events: string[] } {
  const events: string[] = []
  const hooks: StreamsAppHooks = {
    onStateChange: ({ to }) => events.push(to),
    onRecovery: ({ cause, rejoins }) => events.push(`recovery ${cause.code}${rejoins ? ' rejoins' : ''}`),
    onCommitRetry: ({ attempt, error }) => events.push(`retry ${attempt} ${error.code}`),
    onStoreRebuild: ({ taskId, store, reason }) => events.push(`rebuild ${taskId} ${store} ${reason}`),
    onFailure: ({ error }) => events.push(`failure ${error instanceof Error && 'code' in error ? error.code : error}`),
  }
  return { hooks, events }
}
