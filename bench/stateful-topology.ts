import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Log, openEmbeddedLog, openRocksDbBackend, partitionFor, StreamsApp } from '#streams'
import { bytesTopic, countTopology, OUTPUT_BYTES, STATE_BYTES } from './count-topology.ts'
import type { BenchResult } from './run.ts'

/**
 * One stateful topology on the embedded log: for each record get and put 120 B of state and forward 150 B; 50,000 keys,
 * 4 partitions, changelog, RocksDB, one process, exactly once. The input is in the log before the clock starts.
 */
const RECORDS = process.argv.includes('--quick') ? 100_000 : 500_000
const KEYS = 50_000
const PARTITIONS = 4
const APPEND_RECORDS = 5_000
const PACED_SECONDS = process.argv.includes('--quick') ? 3 : 15

const input = bytesTopic('bench-in', PARTITIONS)
const output = bytesTopic('bench-out', PARTITIONS)

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-bench-'))
  try {
    const log = await openEmbeddedLog({ directory: join(directory, 'log') })
    const backend = await openRocksDbBackend({ directory: join(directory, 'state') })
    await log.createTopics([input, output])
    await fill(log, RECORDS)
    const app = new StreamsApp({ topology: countTopology('bench', input, output), log, backend, instanceId: 'bench' })
    const startedMs = performance.now()
    const startedCpu = process.cpuUsage()
    await app.start()
    await untilOutput(log, RECORDS)
    const seconds = (performance.now() - startedMs) / 1_000
    const { user, system } = process.cpuUsage(startedCpu)
    const slow = await latencies(log, 200)
    const fast = await latencies(log, 1_000)
    await app.close()
    await backend.close()
    await log.close()
    const figures = {
      'records per second': Math.round(RECORDS / seconds),
      'CPU, µs a record': (user + system) / RECORDS,
      'latency at 200/s, p50 ms': slow.p50,
      'latency at 200/s, p99 ms': slow.p99,
      'latency at 1,000/s, p50 ms': fast.p50,
      'latency at 1,000/s, p99 ms': fast.p99,
      'peak memory, MB': process.resourceUsage().maxRSS / 1_024,
    }
    const how =
      `${RECORDS} records that are in the log already; each reads and writes ${STATE_BYTES} B of state and forwards ` +
      `${OUTPUT_BYTES} B; ${KEYS} keys, ${PARTITIONS} partitions, changelog, RocksDB, exactly once, one process.\n  ` +
      'Latency: from when a record was due to be written until a reader has its output.'
    const result: BenchResult = { name: 'one stateful topology, embedded log', how, figures }
    console.log(JSON.stringify(result))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function fill(log: Log, records: number): Promise<void> {
  const value = Buffer.alloc(OUTPUT_BYTES, 'v')
  for (let from = 0; from < records; from += APPEND_RECORDS) {
    const batch = Array.from({ length: Math.min(APPEND_RECORDS, records - from) }, (_, index) => {
      const key = Buffer.from(`key-${(from + index) % KEYS}`)
      return { topic: input.name, partition: partitionFor(key, PARTITIONS), timestampMs: Date.now(), key, value }
    })
    await log.append(batch)
  }
}

async function untilOutput(log: Log, records: number): Promise<void> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: output.name, partition }))
  for (;;) {
    const ends = await log.endOffsets(partitions)
    if (ends.reduce((sum, { offset }) => sum + offset, 0) >= records) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** One record at a time at a steady rate; from just before it is written until a reader has its output. */
async function latencies(log: Log, perSecond: number): Promise<{ readonly p50: number; readonly p99: number }> {
  const sent = new Map<string, number>()
  const measured: number[] = []
  const total = perSecond * PACED_SECONDS
  const stop = new AbortController()
  const reading = readOutputs(log, stop.signal, (key) => {
    const at = sent.get(key)
    if (at !== undefined) measured.push(performance.now() - at)
    sent.delete(key)
  })
  const startMs = performance.now()
  const value = Buffer.alloc(OUTPUT_BYTES, 'v')
  for (let index = 0; index < total; index += 1) {
    const dueMs = startMs + (index * 1_000) / perSecond
    while (performance.now() < dueMs) await new Promise((resolve) => setTimeout(resolve, 1))
    const name = `key-${index % KEYS}`
    const key = Buffer.from(name)
    sent.set(name, dueMs)
    void log.append([
      { topic: input.name, partition: partitionFor(key, PARTITIONS), timestampMs: Date.now(), key, value },
    ])
  }
  while (sent.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  await reading
  measured.sort((a, b) => a - b)
  const at = (share: number) => measured[Math.floor(share * (measured.length - 1))] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

async function readOutputs(log: Log, signal: AbortSignal, take: (key: string) => void): Promise<void> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: output.name, partition }))
  let positions = await log.endOffsets(partitions)
  while (!signal.aborted) {
    const fetched = await log.fetch({ positions, maxBytes: 1_048_576, maxWaitMs: 1_000, signal })
    const next = new Map(fetched.map((part) => [part.partition, part.nextOffset]))
    for (const { records } of fetched) for (const { key } of records) if (key !== null) take(key.toString())
    positions = positions.map((at) => ({ ...at, offset: next.get(at.partition) ?? at.offset }))
  }
}

await main()
