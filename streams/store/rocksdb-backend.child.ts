/**
 * The process that the tests of the RocksDB store start and kill: it opens the store, then holds it, or writes batch
 * after batch and prints the number of each one that was answered.
 */
import { openRocksDbBackend } from './rocksdb-backend.ts'

const [directory, what] = process.argv.slice(2)
if (directory === undefined) throw new Error('The first argument is the directory of the store.')
const backend = await openRocksDbBackend({ directory })
if (what === 'hold') {
  process.stdout.write('open\n')
  setInterval(() => undefined, 1_000)
} else {
  const [last] = await backend.getMany([Buffer.from('key-0')])
  for (let round = (last?.readUInt32BE() ?? 0) + 1; ; round++) {
    const value = Buffer.alloc(200)
    value.writeUInt32BE(round)
    await backend.write({ entries: Array.from({ length: 100 }, (_, i) => [Buffer.from(`key-${i}`), value] as const) })
    process.stdout.write(`${round}\n`)
  }
}
