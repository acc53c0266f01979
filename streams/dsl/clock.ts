declare const tickType: unique symbol

/** Business time, read from a topic of ticks. Handed to `decide` and `process`, whose nodes it wakes. */
export type Clock<T> = {
  /** The clock node's name. */
  readonly name: string
  readonly [tickType]?: T
}
