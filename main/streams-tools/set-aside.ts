import {
  type ControlCommand,
  changelogTopic,
  DEAD_LETTER_HEADERS,
  type DeadLetterCause,
  type Log,
  type LogRecord,
  type ParkedRecord,
  type Position,
  type TopicPartition,
} from '#streams'
import { StartError } from '../start-error.ts'
import type { Application } from './applications.ts'

/** A record that an application gave up on. */
export type SetAside = {
  /** Where it stands in the dead letters. */
  readonly at: Position
  /** Where it came from. */
  readonly from: Position
  readonly cause: DeadLetterCause
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** A key whose records wait, and where its decision is taken. */
export type ParkedAt = {
  readonly key: string
  readonly records: number
  readonly cause: DeadLetterCause | null
  readonly control: TopicPartition
}

/** Digits and the zero byte that follow a key in the store of parked records. */
const ENTRY_TAIL = 17
const FETCH_BYTES = 4 * 1024 * 1024

/** The dead letters of an application, oldest first, from the log alone: it need not run. */
export async function deadLettersOf(log: Log, { deadLetters }: Application): Promise<SetAside[]> {
  const found: SetAside[] = []
  for (const partition of partitionsOf(log, deadLetters)) {
    await readAll(log, partition, (record) => found.push(setAsideOf(record)))
  }
  return found
}

/** The dead letter at a place, `PARTITION@OFFSET`. @throws StartError DEAD_LETTER_UNKNOWN */
export async function deadLetterAt(log: Log, application: Application, place: string): Promise<SetAside> {
  const [, partition, offset] = /^(\d+)@(\d+)$/.exec(place) ?? []
  const found = (await deadLettersOf(log, application)).find(
    ({ at }) => at.partition === Number(partition) && at.offset === Number(offset),
  )
  if (found !== undefined) return found
  throw new StartError(
    'DEAD_LETTER_UNKNOWN',
    `${application.name} has no dead letter at ${JSON.stringify(place)}. The list names them as PARTITION@OFFSET.`,
  )
}

/** The keys that wait, as the changelogs say: also where the application does not run, or runs elsewhere. */
export async function parkedKeysOf(log: Log, { topology }: Application): Promise<ParkedAt[]> {
  const found: ParkedAt[] = []
  for (const { parkedStore, controlTopic } of topology?.subtopologies ?? []) {
    if (topology === null || parkedStore === null || controlTopic === null) continue
    for (const partition of partitionsOf(log, changelogTopic(topology.name, parkedStore))) {
      const control = { topic: controlTopic, partition: partition.partition }
      found.push(...(await parkedIn(log, partition)).map((parked) => ({ ...parked, control })))
    }
  }
  return found
}

/**
 * Asks for a decision on a parked key, by a record that takes its turn like any other input: at once where the
 * application runs, else when it is started.
 * @throws StartError KEY_NOT_PARKED
 */
export async function decideParked(
  log: Log,
  application: Application,
  { action, key }: Pick<ControlCommand, 'action' | 'key'>,
): Promise<number> {
  const parked = (await parkedKeysOf(log, application)).filter((one) => one.key === key)
  if (parked.length === 0) {
    throw new StartError('KEY_NOT_PARKED', `No record of ${JSON.stringify(key)} waits in ${application.name}.`)
  }
  const value = Buffer.from(JSON.stringify({ action, key }))
  await log.append(parked.map(({ control }) => ({ ...control, timestampMs: Date.now(), key: Buffer.from(key), value })))
  return parked.reduce((sum, { records }) => sum + records, 0)
}

async function parkedIn(log: Log, partition: TopicPartition): Promise<Omit<ParkedAt, 'control'>[]> {
  const entries = new Map<string, ParkedRecord>()
  await readAll(log, partition, ({ key, value }) => {
    const entry = key?.toString('utf8') ?? ''
    if (value === null) entries.delete(entry)
    else entries.set(entry, JSON.parse(value.toString('utf8')) as ParkedRecord)
  })
  const queues = new Map<string, ParkedRecord[]>()
  for (const [entry, record] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const key = entry.slice(0, -ENTRY_TAIL)
    queues.set(key, [...(queues.get(key) ?? []), record])
  }
  return [...queues].map(([key, records]) => ({ key, records: records.length, cause: records[0]?.cause ?? null }))
}

async function readAll(log: Log, at: TopicPartition, take: (record: LogRecord) => void): Promise<void> {
  const [begin] = await log.beginningOffsets([at])
  const [end] = await log.endOffsets([at])
  for (let offset = begin?.offset ?? 0; offset < (end?.offset ?? 0); ) {
    const [part] = await log.fetch({ positions: [{ ...at, offset }], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    if (part === undefined || part.nextOffset === offset) return
    for (const record of part.records) take(record)
    offset = part.nextOffset
  }
}

function setAsideOf({ topic, partition, offset, headers, key, value }: LogRecord): SetAside {
  const names = DEAD_LETTER_HEADERS
  const said = new Map(headers.map(([name, bytes]) => [name, bytes.toString('utf8')]))
  const header = (name: string) => said.get(name) ?? ''
  return {
    at: { topic, partition, offset },
    from: {
      topic: header(names.topic),
      partition: Number(header(names.partition)),
      offset: Number(header(names.offset)),
    },
    cause: { code: header(names.code), message: header(names.message), step: header(names.step) },
    key,
    value,
  }
}

function partitionsOf(log: Log, topic: string): TopicPartition[] {
  return Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition }))
}
