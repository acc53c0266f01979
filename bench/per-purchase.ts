/**
 * `node bench/per-purchase.ts DATA_DIR PURCHASES`: what a purchase costs in records and bytes, and what it leaves as
 * state: the inputs of docs/scale.md. It reads the log of a run of the demo that kept its directory (`--data-dir`).
 */
import { join } from 'node:path'
import { type Log, openEmbeddedLog } from '#streams'

type Kind = 'commands and events' | 'changelogs' | 'journals and clock'
type Count = { records: number; bytes: number }

const CHANGELOG = '.changelog'
const FETCH_BYTES = 4 * 1024 * 1024

async function main(directory: string, purchases: number): Promise<void> {
  const log = await openEmbeddedLog({ directory: join(directory, 'log') })
  try {
    const kinds = new Map<Kind, Count>()
    const state: Count = { records: 0, bytes: 0 }
    for (const { name, partitions } of await log.topics()) {
      const live = new Map<string, number>()
      const count = kinds.get(kindOf(name)) ?? { records: 0, bytes: 0 }
      kinds.set(kindOf(name), count)
      for (let partition = 0; partition < partitions; partition += 1) {
        await readAll(log, name, partition, (key, bytes, isDelete) => {
          count.records += 1
          count.bytes += bytes
          if (isDelete) live.delete(key)
          else if (name.endsWith(CHANGELOG)) live.set(key, bytes)
        })
      }
      state.records += live.size
      for (const bytes of live.values()) state.bytes += bytes
    }
    print(kinds, state, purchases)
  } finally {
    await log.close()
  }
}

function kindOf(topic: string): Kind {
  if (topic.endsWith(CHANGELOG)) return 'changelogs'
  return topic.endsWith('.journal') || topic === 'clock' ? 'journals and clock' : 'commands and events'
}

async function readAll(
  log: Log,
  topic: string,
  partition: number,
  take: (key: string, bytes: number, isDelete: boolean) => void,
): Promise<void> {
  const at = [{ topic, partition }]
  const [begin] = await log.beginningOffsets(at)
  const [end] = await log.endOffsets(at)
  let offset = begin?.offset ?? 0
  while (offset < (end?.offset ?? 0)) {
    const [part] = await log.fetch({ positions: [{ topic, partition, offset }], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    for (const { key, value } of part?.records ?? []) {
      take(key?.toString('latin1') ?? '', (key?.length ?? 0) + (value?.length ?? 0), value === null)
    }
    offset = part?.nextOffset ?? offset
  }
}

function print(kinds: ReadonlyMap<Kind, Count>, state: Count, purchases: number): void {
  const each = (value: number) => (value / purchases).toFixed(1).padStart(12)
  console.log(`${'a purchase'.padEnd(24)}${'records'.padStart(12)}${'bytes'.padStart(12)}`)
  for (const [kind, { records, bytes }] of kinds) console.log(kind.padEnd(24) + each(records) + each(bytes))
  console.log('left as state'.padEnd(24) + each(state.records) + each(state.bytes))
}

const [directory, purchases] = process.argv.slice(2)
if (directory === undefined || !(Number(purchases) > 0)) {
  console.error('Say which directory, and how many purchases were made in it: node bench/per-purchase.ts DIR 1000')
  process.exitCode = 2
} else await main(directory, Number(purchases))
