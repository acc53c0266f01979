/**
 * The process that the crash test starts and kills: counts words on the embedded log and RocksDB, says new ones all the
 * time, and prints a line at each commit.
 */
import { join } from 'node:path'
import { openEmbeddedLog } from '../log/embedded/embedded-log.ts'
import { openRocksDbBackend } from '../store/rocksdb-backend.ts'
import { say, startWordCount } from '../testing/word-count-scene.ts'

const [directory, seed] = process.argv.slice(2)
if (directory === undefined) throw new Error('The first argument is the directory of the log and the store.')
const log = await openEmbeddedLog({ directory: join(directory, 'log') })
const backend = await openRocksDbBackend({ directory: join(directory, 'store') })
const onCommit = () => void process.stdout.write('commit\n')
await startWordCount({ log, backend, commit: { recordsMax: 50 }, hooks: { onCommit } })
for (let round = Number(seed); ; round++) {
  await say(
    log,
    Array.from({ length: 40 }, (_, i) => `w${(round * 31 + i * 7) % 101}`),
  )
  await new Promise((resolve) => setImmediate(resolve))
}
