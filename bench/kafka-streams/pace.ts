import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Kafka, Message, Producer } from 'kafkajs'
import { OUTPUT_BYTES, STATE_BYTES } from '../count-topology.ts'
import type { Latencies, PaceOrder } from './load.ts'

/** How long after the last record its output may still come. */
const LATE_MS_MAX = 60_000

/**
 * Writes records at a steady rate and reads their outputs as committed. A record carries its number in the first bytes
 * of its value, which come out behind the state. The latency of a record runs from when it was due, not from when it
 * was sent: a writer that is late does not hide it.
 */
export class Pace {
  readonly #kafka: Kafka
  readonly #producer: Producer
  readonly #order: PaceOrder
  readonly #consumer: Consumer
  /** By number: when it was due, and when its output was read; `performance.timeOrigin` based, like `Date.now()`. */
  readonly #dueMs: number[] = []
  readonly #readMs = new Map<number, { readonly atMs: number; readonly partition: number }>()
  #first = 0
  #isWriting = true
  #writing: Promise<void> = Promise.resolve()
  #partitions = 0

  constructor(kafka: Kafka, producer: Producer, order: PaceOrder) {
    this.#kafka = kafka
    this.#producer = producer
    this.#order = order
    this.#consumer = kafka.consumer({ groupId: `load-${Date.now()}`, readUncommitted: false, maxWaitTimeInMs: 500 })
  }

  /** Resolves when the reader has its place: from then on every output is seen. */
  async start(): Promise<void> {
    const { output } = this.#order
    const admin = this.#kafka.admin()
    await admin.connect()
    this.#partitions = (await admin.fetchTopicOffsets(output)).length
    await admin.disconnect()
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topic: output, fromBeginning: false })
    await this.#consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const atMs = Date.now()
        for (const { value } of batch.messages) this.#take(value, batch.partition, atMs)
      },
    })
    this.#writing = this.#write()
    // The reader begins at the end as it finds it: only when each partition has given something is it everywhere.
    while (new Set([...this.#readMs.values()].map(({ partition }) => partition)).size < this.#partitions)
      await sleep(20)
    this.#first = this.#dueMs.length
  }

  /** @returns the latencies of all records due `skipMs` after the start and later */
  async stop(skipMs: number): Promise<Latencies> {
    this.#isWriting = false
    await this.#writing
    const fromMs = (this.#dueMs[this.#first] ?? 0) + skipMs
    const numbers = [...this.#dueMs.keys()].filter(
      (number) => number >= this.#first && (this.#dueMs[number] ?? 0) >= fromMs,
    )
    const deadline = Date.now() + LATE_MS_MAX
    while (numbers.some((number) => !this.#readMs.has(number))) {
      if (Date.now() > deadline) throw new Error('Outputs of the paced records are missing.')
      await sleep(20)
    }
    await this.#consumer.disconnect()
    const took = numbers.map((number) => (this.#readMs.get(number)?.atMs ?? 0) - (this.#dueMs[number] ?? 0))
    took.sort((a, b) => a - b)
    const at = (share: number) => took[Math.floor(share * (took.length - 1))] ?? 0
    return { p50: at(0.5), p99: at(0.99), measured: took.length }
  }

  /** When the last partition gave its first output of a record that was due after this time. */
  async served(sinceMs: number): Promise<number> {
    for (;;) {
      const first = new Map<number, number>()
      for (const [number, { atMs, partition }] of this.#readMs) {
        if ((this.#dueMs[number] ?? 0) <= sinceMs) continue
        first.set(partition, Math.min(atMs, first.get(partition) ?? Infinity))
      }
      if (first.size === this.#partitions) return Math.max(...first.values())
      await sleep(20)
    }
  }

  async #write(): Promise<void> {
    const { input, perSecond, keys } = this.#order
    const startMs = Date.now()
    const sending = new Set<Promise<unknown>>()
    while (this.#isWriting) {
      const messages: Message[] = []
      for (let dueMs = 0; ; ) {
        const number = this.#dueMs.length
        dueMs = startMs + (number * 1_000) / perSecond
        if (dueMs > Date.now()) break
        this.#dueMs.push(dueMs)
        const value = Buffer.alloc(OUTPUT_BYTES, 'v')
        value.writeDoubleLE(number, 0)
        messages.push({ key: `key-${number % keys}`, value })
      }
      if (messages.length > 0) {
        const sent = this.#producer.send({ topic: input, acks: -1, messages })
        sending.add(sent)
        sent.finally(() => sending.delete(sent)).catch(() => {})
      }
      await sleep(1)
    }
    await Promise.all(sending)
  }

  #take(value: Buffer | null, partition: number, atMs: number): void {
    const number = value?.readDoubleLE(STATE_BYTES) ?? -1
    if (!this.#readMs.has(number) && number in this.#dueMs) this.#readMs.set(number, { atMs, partition })
  }
}
