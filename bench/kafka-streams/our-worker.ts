/**
 * Our side of the comparison, as a process of its own: the same topology as `CountWorker.java` on Kafka and RocksDB, by
 * the defaults of the library. It says a line of JSON for each thing that happens: `{"event":…,"atMs":…}`.
 */
import { join } from 'node:path'
import { openRocksDbBackend, StreamsApp } from '#streams'
import { openKafkaLog } from '#streams/kafka'
import { bytesTopic, countTopology } from '../count-topology.ts'
import type { WorkerOptions } from './contender.ts'

const options = JSON.parse(process.argv[2] ?? '') as WorkerOptions
const { brokers, application, instance, folder, partitions, sessionTimeoutMs } = options

function say(event: string): void {
  process.stdout.write(`${JSON.stringify({ event, atMs: Date.now() })}\n`)
}

const log = await openKafkaLog({ brokers, clientId: instance, ...(sessionTimeoutMs && { sessionTimeoutMs }) })
const backend = await openRocksDbBackend({ directory: join(folder, 'state') })
const input = bytesTopic(options.input, partitions)
const output = bytesTopic(options.output, partitions)
await log.createTopics([input, output])
const app = new StreamsApp({
  topology: countTopology(application, input, output),
  log,
  backend,
  instanceId: instance,
  hooks: {
    onStateChange: ({ to }) => say(to.toLowerCase()),
    onFailure: ({ error }) => {
      console.error(error)
      process.exit(1)
    },
  },
})
async function end(): Promise<void> {
  await app.close()
  await backend.close()
  await log.close()
  process.exit(0)
}
process.once('SIGTERM', () => void end())
await app.start()
