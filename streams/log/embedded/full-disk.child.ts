/**
 * The process that the test of a full disk starts and kills: it commits pairs of records until that fails, says how it
 * went in one line of JSON, and stays. Number n of both records is their first byte.
 */
import { isStreamsError } from '../../errors.ts'
import { openEmbeddedLog } from './embedded-log.ts'

/** What the process says. */
export type FilledUp = {
  readonly written: number
  readonly code: string
  readonly message: string
  /** The code with which the next write is refused. */
  readonly nextCode: string
  /** How many of the pairs can be read. */
  readonly seen: number
}

const [directory] = process.argv.slice(2)
if (directory === undefined) throw new Error('The first argument is the directory of the log.')
const log = await openEmbeddedLog({ directory, writeBufferBytes: 1024 * 1024 })
await log.createTopics([{ name: 'orders', partitions: 2, cleanup: 'delete', retentionMs: -1 }])
const producer = await log.producer('filler')
let written = 0
const pair = () =>
  [0, 1].map((partition) => {
    return { topic: 'orders', partition, timestampMs: 1, key: null, value: Buffer.alloc(150_000, written) }
  })
const failed = async (work: () => Promise<unknown>) => {
  try {
    await work()
  } catch (error) {
    if (isStreamsError(error)) return error
    throw error
  }
  throw new Error('The disk is not full.')
}
const { code, message } = await failed(async () => {
  for (; written < 200; written++) await producer.commit({ records: pair(), consumed: null })
})
const { code: nextCode } = await failed(() => log.append(pair()))
const positions = [{ topic: 'orders', partition: 1, offset: 0 }]
const [fetched] = await log.fetch({ positions, maxBytes: 100_000_000, maxWaitMs: 0 })
const said: FilledUp = { written, code, message, nextCode, seen: fetched?.records.length ?? 0 }
process.stdout.write(`${JSON.stringify(said)}\n`)
setInterval(() => undefined, 1_000)
