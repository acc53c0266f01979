import { join } from 'node:path'
import { type Log, openEmbeddedLog, openRocksDbBackend, type ShareableLog, type StoreBackend } from '#streams'
import type { Closers } from './closers.ts'
import { instanceId } from './instance-id.ts'
import { kafkaOptions } from './kafka-options.ts'
import type { Settings } from './settings.ts'

/** The log and the state of this process. */
export type Storage = {
  readonly log: Log
  /** The log, where it is of this process and its other threads may use it. */
  readonly shareable: ShareableLog | null
  readonly backend: StoreBackend
  /** The name of this process among those that share the work. */
  readonly instanceId: string
}

/**
 * Opens the log (that of KAFKA_BROKERS, or the embedded one) and the state inside DATA_DIR. The lock of the first that
 * has one keeps a second process out. `onFailure` is told where the embedded log takes no writes any more.
 * @throws StreamsError LOG_DIRECTORY_IN_USE, STORE_DIRECTORY_IN_USE, LOG_STORAGE_FULL, ROCKSDB_UNAVAILABLE,
 *   LOG_UNREACHABLE, LOG_AUTHENTICATION_FAILED …
 */
export async function openStorage(
  settings: Settings,
  closers: Closers,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<Storage> {
  const shareable = settings.KAFKA_BROKERS === null ? await openOwnLog(settings, closers, onFailure) : null
  const log = shareable ?? (await openKafka(settings, closers))
  const backend = await openRocksDbBackend({ directory: join(settings.DATA_DIR, 'state') })
  closers.add('the state', () => backend.close())
  return { log, shareable, backend, instanceId: instanceId(settings) }
}

/** The log alone, to look at; on Kafka also while the platform runs. Errors as `openStorage`. */
export function openLog(settings: Settings, closers: Closers): Promise<Log> {
  return settings.KAFKA_BROKERS === null ? openOwnLog(settings, closers, () => undefined) : openKafka(settings, closers)
}

async function openOwnLog(
  settings: Settings,
  closers: Closers,
  onFailure: (error: unknown) => void,
): Promise<ShareableLog> {
  const log = await openEmbeddedLog({
    directory: join(settings.DATA_DIR, 'log'),
    durability: settings.DURABILITY,
    // Without its log nothing of the platform can go on: better it ends, and says why, than refuses every request.
    onPoisoned: onFailure,
  })
  closers.add('the log', () => log.close())
  return log
}

/** Its client is loaded only where it is used. */
async function openKafka(settings: Settings, closers: Closers): Promise<Log> {
  const options = kafkaOptions(settings, `fourfold-${instanceId(settings)}`)
  const { openKafkaLog } = await import('#streams/kafka')
  const log = await openKafkaLog(options)
  closers.add('the log', () => log.close())
  return log
}
