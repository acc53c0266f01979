import { assertKey } from './null-key.ts'
import type { OperatorFactory } from './operator.ts'
import type { StoreHandle } from './store-handle.ts'

/** Keeps the newest value of each key in a store and passes the change on. A null value deletes the key. */
export function tableStoreOperator<K extends string, V>(node: string, handle: StoreHandle<string, V>): OperatorFactory {
  return (context, output) => {
    const store = context.store(handle)
    return {
      process(key: K, value: V | null): void {
        context.at(node)
        assertKey(key, node)
        if (value === null) store.delete(key)
        else store.put(key, value)
        output.process(key, value)
      },
    }
  }
}
