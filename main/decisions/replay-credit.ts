/** Runs the past inputs of `credit` through its topology again, in memory, and compares what comes out with the log. */
import type { CreditEvent, Schemas } from '#schemas'
import { decodeWhenReady, type Log, type ProducerRecord, replayTask, type Topology } from '#streams'
import { partitionLags } from '../streams-tools/partition-lags.ts'
import { logRecords } from './log-records.ts'

/** Business dates, both included. */
export type DateRange = { readonly from: string; readonly to: string }

/** What is replayed. */
export type CreditReplay = {
  readonly log: Log
  readonly schemas: Schemas
  readonly topology: Topology
  readonly range: DateRange
  /** The group in which the platform processed it. */
  readonly group: string
}

/** A record that came out otherwise: what stands in the log, and what came out; null where there is none. */
export type Difference = {
  readonly partition: number
  readonly position: number
  readonly logged: CreditEvent | Unreadable | null
  readonly replayed: CreditEvent | null
}

/** A record of the log that is no event, and why: nothing that this platform wrote. */
export type Unreadable = { readonly unreadable: string }

/** What a replay with the same versions came to. */
export type ReplayVerdict = {
  readonly records: number
  readonly decisions: number
  readonly differences: readonly Difference[]
  /** Inputs that the platform itself has not processed yet; what they come to stands nowhere yet. */
  readonly unprocessed: number
}

/** Every event that the topology makes of the past, one after the other. */
export async function* replayedEvents(replay: CreditReplay): AsyncGenerator<ProducerRecord> {
  const { log, topology, schemas } = replay
  const subtopology = topology.subtopologyOfStore('credit')
  if (subtopology === undefined) throw new Error('The topology of credit has no store of that name.')
  const { name } = schemas.topics.creditEvents
  for (let partition = 0; partition < subtopology.partitions; partition++) {
    for await (const batch of replayTask({ log, topology, subtopology, partition })) {
      yield* batch.records.filter((record) => record.topic === name)
    }
  }
}

/** Compares key and value of each event with the record of the log at its place, byte by byte. */
export async function compareWithLog(replay: CreditReplay): Promise<ReplayVerdict> {
  const { log, schemas, topology, range, group } = replay
  const { creditEvents } = schemas.topics
  const logged = Array.from({ length: log.partitionCount(creditEvents.name) }, (_, partition) =>
    logRecords(log, { topic: creditEvents.name, partition }),
  )
  const positions = logged.map(() => 0)
  const found: Difference[] = []
  let [records, decisions] = [0, 0]
  const read = (value: Buffer) => decodeWhenReady(creditEvents.value, value)
  const readLogged = async (value: Buffer | null): Promise<CreditEvent | Unreadable> => {
    if (value === null) return { unreadable: 'It has no value.' }
    return await read(value).catch((error: unknown) => ({ unreadable: String(error) }))
  }
  const take = async (partition: number, before: Bytes | null, after: Bytes | null) => {
    const position = positions[partition] ?? 0
    positions[partition] = position + 1
    const isSame = sameBytes(before, after)
    const logged = before === null ? null : await readLogged(before.value)
    const replayed = isSame || after?.value == null ? null : await read(after.value)
    const event = logged !== null && 'meta' in logged ? logged : replayed
    // What can be read neither way has no date, and is no less a difference for it.
    if (event === null ? logged === null : !isWithin(event, range)) return
    records += 1
    if (event?.type === 'PurchaseApproved' || event?.type === 'PurchaseDeclined') decisions += 1
    if (!isSame) found.push({ partition, position, logged, replayed })
  }
  for await (const record of replayedEvents(replay)) {
    const before = await logged[record.partition]?.next()
    await take(record.partition, before?.done === false ? before.value : null, record)
  }
  for (const [partition, rest] of logged.entries()) for await (const record of rest) await take(partition, record, null)
  const lags = await partitionLags(log, group, topology.inputTopics())
  const unprocessed = lags.reduce((sum, { lag }) => sum + lag, 0)
  // What comes of inputs that were not processed yet is no difference: the log cannot have it.
  const differences = unprocessed > 0 ? found.filter(({ logged: before }) => before !== null) : found
  return { records, decisions, differences, unprocessed }
}

type Bytes = { readonly key: Buffer | null; readonly value: Buffer | null }

/** True of an event of these business dates. */
export function isWithin({ meta }: CreditEvent, { from, to }: DateRange): boolean {
  return meta.businessDate >= from && meta.businessDate <= to
}

function sameBytes(left: Bytes | null, right: Bytes | null): boolean {
  return sameBuffer(left?.key, right?.key) && sameBuffer(left?.value, right?.value)
}

function sameBuffer(left: Buffer | null | undefined, right: Buffer | null | undefined): boolean {
  return left && right ? left.equals(right) : left === right
}
