import type { ReadOnlyTable } from '../processor/store-handle.ts'

/** Read access to the global tables of an application, by store name. */
export interface GlobalStores {
  /** The table of a store; what it gives changes as the table is fed. */
  table(store: string): ReadOnlyTable<unknown>
}
