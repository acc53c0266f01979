import type { Headers, LogRecord } from '../log/log.ts'
import type { OperatorContext, OperatorStore, RecordContext } from '../processor/operator.ts'
import type { ReadOnlyTable, StoreHandle } from '../processor/store-handle.ts'
import type { GlobalStores } from './global-stores.ts'
import type { Staging } from './staging.ts'
import type { StagingStore } from './staging-store.ts'

const NO_RECORD: LogRecord = {
  topic: '',
  partition: 0,
  offset: 0,
  timestampMs: 0,
  key: null,
  value: null,
  headers: [],
}

/** The record that is being processed, seen by operators. */
class CurrentRecord implements RecordContext {
  log: LogRecord = NO_RECORD

  get topic(): string {
    return this.log.topic
  }

  get partition(): number {
    return this.log.partition
  }

  get offset(): number {
    return this.log.offset
  }

  get timestampMs(): number {
    return this.log.timestampMs
  }

  get headers(): Headers {
    return this.log.headers
  }
}

/** What the operators of a task are given; one for all of them. */
export class TaskContext implements OperatorContext {
  readonly taskId: string
  readonly record = new CurrentRecord()
  /** The node whose function ran last: where an error belongs. */
  step = ''
  private readonly staging: Staging
  private readonly stores: ReadonlyMap<string, StagingStore>
  private readonly globals: GlobalStores
  private readonly onAttemptFailed: (key: string, error: unknown) => void

  constructor(options: {
    readonly taskId: string
    readonly staging: Staging
    readonly stores: ReadonlyMap<string, StagingStore>
    readonly globals: GlobalStores
    /** Gives up on a part of a record, or throws where the policy is to fail. */
    readonly onAttemptFailed: (key: string, error: unknown) => void
  }) {
    this.taskId = options.taskId
    this.staging = options.staging
    this.stores = options.stores
    this.globals = options.globals
    this.onAttemptFailed = options.onAttemptFailed
  }

  at(node: string): void {
    this.step = node
  }

  store<V>(handle: StoreHandle<string, V>): OperatorStore<V> {
    return this.stores.get(handle.name) as unknown as OperatorStore<V>
  }

  table<V>(name: string): ReadOnlyTable<V> {
    return this.globals.table(name) as ReadOnlyTable<V>
  }

  attempt(key: string, part: () => void): boolean {
    const savepoint = this.staging.savepoint()
    try {
      part()
      this.staging.seal(savepoint)
      return true
    } catch (error) {
      if (this.staging.isNeedy) throw error
      this.staging.rollback(savepoint)
      this.onAttemptFailed(key, error)
      return false
    }
  }

  countRepeat(): void {
    this.staging.repeats++
  }
}
