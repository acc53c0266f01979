import { join } from 'node:path'
import { type Log, openEmbeddedLog, openRocksDbBackend, type StoreBackend } from '#streams'
import type { Closers } from './closers.ts'
import { instanceId } from './instance-id.ts'
import { kafkaOptions } from './kafka-options.ts'
import type { Settings } from './settings.ts'

/** The log and the state of this process. */
export type Storage = {
  readonly log: Log
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
  const log = await openLog(settings, closers, onFailure)
  const backend = await openRocksDbBackend({ directory: join(settings.DATA_DIR, 'state') })
  closers.add('the state', () => backend.close())
  return { log, backend, instanceId: instanceId(settings) }
}

/** The log alone, to look at; on Kafka also while the platform runs. Errors as `openStorage`. */
export async function openLog(
  settings: Settings,
  closers: Closers,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<Log> {
  const log =
    settings.KAFKA_BROKERS === null
      ? await openOwnLog(settings, onFailure)
      : await openKafka(settings, instanceId(settings))
  closers.add('the log', () => log.close())
  return log
}

function openOwnLog(settings: Settings, onFailure: (error: unknown) => void): Promise<Log> {
  return openEmbeddedLog({
    directory: join(settings.DATA_DIR, 'log'),
    durability: settings.DURABILITY,
    // Without its log nothing of the platform can go on: better it ends, and says why, than refuses every request.
    onPoisoned: onFailure,
  })
}

/** Its client is loaded only where it is used. */
async function openKafka(settings: Settings, id: string): Promise<Log> {
  const options = kafkaOptions(settings, `fourfold-${id}`)
  const { openKafkaLog } = await import('#streams/kafka')
  return await openKafkaLog(options)
}
