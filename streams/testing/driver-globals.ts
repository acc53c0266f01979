import type { LogRecord } from '../log/log.ts'
import type { ReadOnlyTable } from '../processor/store-handle.ts'
import type { GlobalStores } from '../runtime/global-stores.ts'
import type { GlobalTable } from '../topology/node.ts'

/** The global tables of a test, fed by whatever is written to their topics. */
export class DriverGlobals implements GlobalStores {
  private readonly tables: readonly GlobalTable[]
  private readonly values = new Map<string, Map<string, unknown>>()

  constructor(tables: readonly GlobalTable[]) {
    this.tables = tables
    for (const { store } of tables) this.values.set(store, new Map())
  }

  table(store: string): ReadOnlyTable<unknown> {
    return this.values.get(store) ?? new Map()
  }

  /** The entries of a table; undefined where there is none of that name. */
  entriesOf(store: string): (readonly [string, unknown])[] | undefined {
    const table = this.values.get(store)
    return table === undefined ? undefined : [...table]
  }

  feed(record: LogRecord): void {
    for (const { topic, store } of this.tables) {
      if (topic.name !== record.topic || record.key === null) continue
      const key = topic.key.deserialize(record.key)
      if (record.value === null) this.values.get(store)?.delete(key)
      else this.values.get(store)?.set(key, topic.value.deserialize(record.value))
    }
  }
}
