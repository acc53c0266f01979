/**
 * The judge of exactly once. Of this project it knows the names of topics, and it uses kafkajs only.
 *
 *   verifier.child.ts write '{ "brokers": […], "topic": …, … }'    (WriteOrder)
 *   verifier.child.ts check '{ "brokers": […], "input": …, … }'    (CheckOrder)
 *
 * `write` makes the input: records `{ id, amount }` with rising ids, each key always in the same partition. `check`
 * reads input, output and changelog as committed, when nobody writes any more, and says as JSON what does not fit.
 */
import { type Consumer, Kafka, logLevel, type Message, type Producer } from 'kafkajs'

type WriteOrder = {
  readonly brokers: string[]
  readonly topic: string
  readonly partitions: number
  readonly keys: number
  readonly records: number
  readonly seconds: number
  readonly seed: number
}
type CheckOrder = {
  readonly brokers: string[]
  readonly input: string
  readonly output: string
  readonly changelog: string
}

type Row = { readonly key: string; readonly value: Record<string, number> | null }
type Total = { readonly count: number; readonly sum: number }

/** How long a topic may give nothing while it is read to its end. */
const SILENCE_MS_MAX = 60_000
const FETCH_BYTES = 16 * 1024 * 1024
const END_KEY = '\u0000end'
const BATCH = 50

function connect(brokers: string[]): Kafka {
  return new Kafka({
    brokers,
    clientId: 'verifier',
    logLevel: logLevel.NOTHING,
    retry: { retries: 100, initialRetryTime: 100, maxRetryTime: 1_000 },
  })
}

async function write(order: WriteOrder): Promise<unknown> {
  let producer = await connectProducer(order.brokers)
  const started = Date.now()
  let state = order.seed
  for (let id = 0; id < order.records; ) {
    const messages: Message[] = []
    for (; messages.length < BATCH && id < order.records; id += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      const key = (state >>> 8) % order.keys
      const value = JSON.stringify({ id, amount: (state >>> 4) % 1_000 })
      messages.push({ key: `k${key}`, value, partition: key % order.partitions })
    }
    // Where its retries are used up it is done for; the next one may write again what is there already.
    while (!(await isSent(producer, order.topic, messages))) {
      await producer.disconnect().catch(() => {})
      producer = await connectProducer(order.brokers)
    }
    const aheadMs = (id / order.records) * order.seconds * 1_000 - (Date.now() - started)
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs))
  }
  await producer.disconnect()
  return { written: order.records }
}

async function isSent(producer: Producer, topic: string, messages: Message[]): Promise<boolean> {
  try {
    // Where a leader moves while kafkajs sends, it leaves out what has moved, and its answer does not name it.
    for (let left = messages; left.length > 0; ) {
      const answers = await producer.send({ topic, acks: -1, messages: left })
      const written = new Set(answers.map(({ partition }) => partition))
      left = left.filter(({ partition }) => !written.has(partition ?? -1))
    }
    return true
  } catch {
    return false
  }
}

/** Tries until there is a broker. */
async function connectProducer(brokers: string[]): Promise<Producer> {
  for (;;) {
    const producer = connect(brokers).producer({ idempotent: true, maxInFlightRequests: 1 })
    try {
      await producer.connect()
      return producer
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

async function check(order: CheckOrder): Promise<unknown> {
  const kafka = connect(order.brokers)
  // One after the other: each needs the memory of its rows.
  const input = byKey(await readToEnd(kafka, order.input))
  const output = byKey(await readToEnd(kafka, order.output))
  const changelog = byKey(await readToEnd(kafka, order.changelog))
  const report = { records: 0, outputs: 0, lost: 0, duplicated: 0, disordered: 0, wrongTotals: 0, stale: 0 }
  for (const [key, asked] of input) {
    const given = output.get(key) ?? []
    report.records += asked.length
    compare(asked, given, report)
    const last = given.at(-1)
    const kept = changelog.get(key)?.at(-1)
    if (kept?.['count'] !== last?.['count'] || kept?.['sum'] !== last?.['sum']) report.stale += 1
  }
  for (const [key, given] of output) {
    report.outputs += given.length
    if (!input.has(key)) report.duplicated += given.length
  }
  return { ...report, keys: input.size }
}

/** Holds what came out for a key against what went in. */
function compare(
  asked: readonly Record<string, number>[],
  given: readonly Record<string, number>[],
  report: { lost: number; duplicated: number; disordered: number; wrongTotals: number },
): void {
  // A list for each id: a writer that was cut off may have written a record twice, and both are input then.
  const expected = new Map<number, (Total & { at: number; seen: boolean })[]>()
  let total: Total = { count: 0, sum: 0 }
  for (const [at, { id = -1, amount = 0 }] of asked.entries()) {
    total = { count: total.count + 1, sum: total.sum + amount }
    expected.set(id, [...(expected.get(id) ?? []), { ...total, at, seen: false }])
  }
  let last = -1
  for (const { id = -1, count, sum } of given) {
    const one = expected.get(id)?.find(({ seen }) => !seen)
    if (one === undefined) {
      report.duplicated += 1
      continue
    }
    one.seen = true
    if (one.at < last) report.disordered += 1
    last = one.at
    if (one.count !== count || one.sum !== sum) report.wrongTotals += 1
  }
  for (const list of expected.values()) report.lost += list.filter(({ seen }) => !seen).length
}

function byKey(rows: readonly Row[]): Map<string, Record<string, number>[]> {
  const keys = new Map<string, Record<string, number>[]>()
  for (const { key, value } of rows) {
    const list = keys.get(key)
    if (list === undefined) keys.set(key, [value ?? {}])
    else list.push(value ?? {})
  }
  return keys
}

/**
 * All committed records of a topic, each partition in order. An end mark is written to every partition first, so that
 * there is no doubt where the end is.
 *
 * Which transactions count is decided here, by their markers in the log. kafkajs could (`readUncommitted: false`),
 * but it takes the broker's list of aborted transactions for sorted by their first offset, which it is not where they
 * overlap, and then gives records of an aborted one.
 */
async function readToEnd(kafka: Kafka, topic: string): Promise<Row[]> {
  const mark = `${Date.now()}-${Math.random()}`
  const partitions = await writeEndMarks(kafka, topic, mark)
  const consumer = kafka.consumer({
    groupId: `verifier-${mark}`,
    readUncommitted: true,
    maxBytesPerPartition: FETCH_BYTES,
    maxBytes: 4 * FETCH_BYTES,
    maxWaitTimeInMs: 200,
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const logs = new Map(partitions.map((partition) => [partition, new PartitionLog()]))
  try {
    await consumeUntilMarked(consumer, mark, logs)
  } finally {
    await consumer.disconnect()
  }
  return [...logs].flatMap(([partition, log]) => log.committed(`${topic}-${partition}`))
}

async function writeEndMarks(kafka: Kafka, topic: string, mark: string): Promise<number[]> {
  const admin = kafka.admin()
  await admin.connect()
  const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition }) => partition)
  await admin.disconnect()
  const producer = kafka.producer()
  await producer.connect()
  const marks = partitions.map((partition) => ({ partition, key: END_KEY, value: mark }))
  if (!(await isSent(producer, topic, marks))) throw new Error(`The end of ${topic} could not be marked.`)
  await producer.disconnect()
  return partitions
}

function consumeUntilMarked(consumer: Consumer, mark: string, logs: Map<number, PartitionLog>): Promise<void> {
  const open = new Set(logs.keys())
  return new Promise((resolve, reject) => {
    const silent = setTimeout(
      () => reject(new Error(`The end of partitions ${[...open].join(', ')} was not read.`)),
      SILENCE_MS_MAX,
    )
    // What kafkajs keeps before it leaves out markers; it has no type.
    const eachBatch = async ({ batch }: { batch: { partition: number } }) => {
      silent.refresh()
      for (const stored of (batch as unknown as { readonly rawMessages: readonly Stored[] }).rawMessages) {
        logs.get(batch.partition)?.add(stored)
        if (String(stored.key) === END_KEY && String(stored.value) === mark) open.delete(batch.partition)
      }
      if (open.size > 0) return
      clearTimeout(silent)
      resolve()
    }
    consumer.run({ eachBatch }).catch(reject)
  })
}

type Stored = {
  readonly offset: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly isControlRecord: boolean
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean }
}

/** A transaction, as far as it was read. */
type Fate = { decided: 'open' | 'committed' | 'aborted' }

/** What was read of one partition, in its order. */
class PartitionLog {
  readonly #rows: (Row & { readonly fate: Fate })[] = []
  readonly #open = new Map<string, Fate>()
  #next = 0n

  add({ offset, key, value, isControlRecord, batchContext: { producerId, inTransaction } }: Stored): void {
    // A consumer that starts again reads some twice.
    if (BigInt(offset) < this.#next) return
    this.#next = BigInt(offset) + 1n
    if (isControlRecord) {
      // Two bytes version, two bytes type: 0 is abort, 1 is commit.
      const fate = this.#open.get(producerId)
      if (fate !== undefined) fate.decided = key?.readInt16BE(2) === 1 ? 'committed' : 'aborted'
      this.#open.delete(producerId)
      return
    }
    if (String(key) === END_KEY) return
    const fate: Fate = this.#open.get(producerId) ?? { decided: inTransaction ? 'open' : 'committed' }
    if (inTransaction) this.#open.set(producerId, fate)
    this.#rows.push({ key: String(key), value: value === null ? null : JSON.parse(String(value)), fate })
  }

  committed(name: string): Row[] {
    if (this.#open.size > 0)
      throw new Error(`A transaction is still open in ${name}, and no record behind it is given.`)
    return this.#rows.filter(({ fate }) => fate.decided === 'committed')
  }
}

const [command, order = '{}'] = process.argv.slice(2)
try {
  const parsed: unknown = JSON.parse(order)
  const result = command === 'write' ? await write(parsed as WriteOrder) : await check(parsed as CheckOrder)
  console.log(JSON.stringify(result))
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
