/** Counts events in windows of time, over all nodes that share it. */
export interface Counter {
  /** Adds one under `key` and tells how many there are in the current window of `windowMs`. */
  increment(key: string, windowMs: number): Promise<number>
  /** Begins anew under `key`. */
  reset(key: string): Promise<void>
  close(): Promise<void>
}
