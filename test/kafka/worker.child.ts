/**
 * One instance of the verified application, as a process of its own: Kafka, RocksDB, and the topology. It says a line
 * of JSON for what the driver counts, and ends itself on SIGTERM.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openRocksDbBackend, StreamsApp, type StreamsAppHooks } from '#streams'
import { openKafkaLog } from '#streams/kafka'
import { runningTotals, totalsTopics } from './running-totals.ts'
import { ASK_STATUS, type WorkerEvent, type WorkerSettings } from './worker.ts'

const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings
const { instanceId, brokers, dataDir, partitions, sessionTimeoutMs, transactionTimeoutMs, transactions, restMs } =
  settings

function say(event: WorkerEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

const hooks: StreamsAppHooks = {
  onStateChange: ({ to }) => say({ event: 'state', state: to }),
  onStoreRebuild: ({ taskId, reason }) => say({ event: 'rebuild', text: `${taskId}: ${reason}` }),
  onRecovery: ({ cause }) => say({ event: 'recovery', text: `${cause.code}: ${cause.message}` }),
  onCommitRetry: ({ error }) => say({ event: 'retry', text: `${error.code}: ${error.message}` }),
  onFailure: ({ error }) => {
    say({ event: 'failure', text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exit(1)
  },
}

mkdirSync(dataDir, { recursive: true })
const log = await openKafkaLog({
  brokers,
  clientId: instanceId,
  sessionTimeoutMs,
  transactionTimeoutMs,
  transactions,
  heartbeatMs: Math.floor(sessionTimeoutMs / 6),
  requestTimeoutMs: 5_000,
  // A join whose answer the network swallows is sent again when the time to hand over is up.
  rebalanceTimeoutMs: 10_000,
})
const backend = await openRocksDbBackend({ directory: join(dataDir, 'state') })
const { input, output } = totalsTopics(partitions)
await log.createTopics([input, output])
const app = new StreamsApp({
  topology: runningTotals(partitions),
  log,
  backend,
  instanceId,
  hooks,
  standbyReplicas: 1,
  acceptableRecoveryLag: 500,
  pace: { restMs, restPerCommit: 0, restMsMax: restMs },
})
async function end(): Promise<void> {
  await app.close()
  await backend.close()
  await log.close()
  process.exit(0)
}
process.once('SIGTERM', () => void end())
process.on(ASK_STATUS, () => void app.status().then((status) => say({ event: 'status', text: JSON.stringify(status) })))
await app.start()
