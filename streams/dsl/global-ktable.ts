declare const valueType: unique symbol

/**
 * A topic that every instance reads whole, for joins by any key. It is fed outside of the group: its changes are not
 * ordered with the records of a task.
 */
export type GlobalKTable<V> = {
  readonly name: string
  /** The name it is looked up and queried by. */
  readonly store: string
  readonly [valueType]?: V
}
