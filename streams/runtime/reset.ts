import { StreamsError } from '../errors.ts'
import type { Log, Position, ProducerRecord, TopicPartition } from '../log/log.ts'
import { appMetaKey, appRange } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic } from '../topology/internal-topics.ts'
import type { Topology } from '../topology/topology.ts'

/** What is reset. */
export type ResetOptions = {
  readonly topology: Topology
  readonly log: Log
  /** The stores of one instance. Other instances of the application must be stopped, and reset with their own. */
  readonly backend: StoreBackend
  /** The consumer group; the topology's name where left out. */
  readonly applicationId?: string
}

/** What a reset has done. */
export type ResetReport = {
  readonly positions: readonly Position[]
  /** Keys deleted from changelogs. */
  readonly changelogKeys: number
}

/** Kept in the backend while a reset runs, so that nothing starts on half of one. */
const MARK = 'reset'
const FETCH_BYTES = 4 * 1024 * 1024
const DELETES_PER_STEP = 5_000

/**
 * Takes an application back to its beginning: inputs are read again from their first record, stores are empty, any
 * graph may start. What it has written to its output topics stays, and is written again. It may be repeated until it
 * succeeds.
 * @throws StreamsError LOG_GROUP_ACTIVE while an instance runs, LOG_UNKNOWN_TOPIC
 */
export async function resetApplication(options: ResetOptions): Promise<ResetReport> {
  const { topology, log, backend, applicationId: group = topology.name } = options
  await log.createTopics(topology.internalTopics())
  const positions = await startPositions(topology, log)
  await markAndMove(options, group, positions)
  let changelogKeys = 0
  for (const changelog of changelogPartitions(topology)) changelogKeys += await deleteAll(log, changelog)
  // With the mark itself, in one step: what is left is an application that has never run.
  await backend.write({ deleteRanges: [appRange(topology.name)], entries: [] })
  return { positions, changelogKeys }
}

/** The mark first, so that being killed right after the positions have moved is noticed at the next start. */
async function markAndMove({ topology, log, backend }: ResetOptions, group: string, to: readonly Position[]) {
  const mark = appMetaKey(topology.name, MARK)
  const [before = null] = await backend.getMany([mark])
  await backend.write({ entries: [[mark, Buffer.from('1')]] })
  try {
    await log.resetPositions(group, to)
  } catch (error) {
    await backend.write({ entries: [[mark, before]] })
    throw error
  }
}

/** @throws StreamsError APP_RESET_UNFINISHED where a reset began here and did not end. */
export async function assertNoReset(backend: StoreBackend, app: string): Promise<void> {
  const [mark] = await backend.getMany([appMetaKey(app, MARK)])
  if (mark === undefined) return
  throw new StreamsError(
    'APP_RESET_UNFINISHED',
    `A reset of ${app} was interrupted, so that its state is half gone. Run it again: npm run streams -- reset ${app}`,
  )
}

/** The beginning of what others write; the end of what the application writes for itself and will write again. */
async function startPositions(topology: Topology, log: Log): Promise<Position[]> {
  const own = new Set(topology.internalTopics().map((topic) => topic.name))
  const controls = new Set(topology.subtopologies.map((sub) => sub.controlTopic))
  const partitions = topology.subtopologies.flatMap((sub) =>
    sub.inputTopics.flatMap((topic) => partitionsOf(topic, sub.partitions)),
  )
  const isRewritten = ({ topic }: TopicPartition) => own.has(topic) && !controls.has(topic)
  const begins = await log.beginningOffsets(partitions.filter((at) => !isRewritten(at)))
  const ends = await log.endOffsets(partitions.filter(isRewritten))
  return [...begins, ...ends]
}

function changelogPartitions(topology: Topology): TopicPartition[] {
  return topology.subtopologies.flatMap((sub) =>
    sub.storeNames.flatMap((store) => partitionsOf(changelogTopic(topology.name, store), sub.partitions)),
  )
}

function partitionsOf(topic: string, count: number): TopicPartition[] {
  return Array.from({ length: count }, (_, partition) => ({ topic, partition }))
}

/** Deletes every key a compacted partition has, by a tombstone each. */
async function deleteAll(log: Log, at: TopicPartition): Promise<number> {
  const keys = await liveKeys(log, at)
  const timestampMs = Date.now()
  for (let from = 0; from < keys.length; from += DELETES_PER_STEP) {
    const step = keys.slice(from, from + DELETES_PER_STEP)
    await log.append(step.map((key): ProducerRecord => ({ ...at, timestampMs, key, value: null })))
  }
  return keys.length
}

async function liveKeys(log: Log, at: TopicPartition): Promise<Buffer[]> {
  const [begin] = await log.beginningOffsets([at])
  const [end] = await log.endOffsets([at])
  const live = new Map<string, Buffer>()
  let offset = begin?.offset ?? 0
  while (offset < (end?.offset ?? 0)) {
    const [part] = await log.fetch({ positions: [{ ...at, offset }], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    for (const { key, value } of part?.records ?? []) {
      if (key === null) continue
      if (value === null) live.delete(key.toString('latin1'))
      else live.set(key.toString('latin1'), key)
    }
    offset = part?.nextOffset ?? offset
  }
  return [...live.values()]
}
