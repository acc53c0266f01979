import type { Position } from '#streams'

/** Reads the committed state of a topology: an interactive query, answered by the task that owns the key. */
export interface StateQueries {
  /**
   * @param at.partitionKey the key its topology is partitioned by: the consumer or the merchant.
   * @param at.position an input record that must have been processed first: read-your-write.
   */
  get<V>(
    app: string,
    store: string,
    key: string,
    at: { readonly partitionKey: string; readonly position?: Position },
  ): Promise<V | undefined>
}

/** Business time as last written to the clock topic. */
export interface BusinessTime {
  now(): { readonly timeMs: number; readonly date: string }
}

/** A business clock that can be moved by hand. */
export interface SandboxClock extends BusinessTime {
  /**
   * Moves business time forward, a tick a day, and waits after each until the platform has come to rest.
   * @throws RangeError where the time lies in the past.
   */
  moveTo(timeMs: number): Promise<{ readonly settled: boolean }>
}

/** Waits until a sink has applied an event, so that a reader sees its own writes. */
export interface AppliedPositions {
  waitFor(position: Position, timeoutMs: number): Promise<boolean>
}
