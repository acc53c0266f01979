import type { LogRecord } from '../log/log.ts'
import type { InputPartition } from './input-partition.ts'

/** Records in the order they are to be processed in, taken from the inputs but not yet out of their buffers. */
export type Chosen = {
  readonly records: readonly LogRecord[]
  /** Takes the first `count` of the records out of the buffers. */
  consume(count: number): void
}

/**
 * The next records of a task: the smallest timestamp first; of two equal ones the topic that comes first by name. Order
 * inside a partition stays as it is, also where its timestamps go back.
 */
export function byTimestamp(inputs: readonly InputPartition[], max: number): Chosen {
  const busy = inputs.filter((input) => input.buffered > 0)
  const [only] = busy
  if (busy.length === 1 && only !== undefined) {
    return { records: only.first(max), consume: (count) => only.consume(count) }
  }
  return merge(busy, max)
}

function merge(inputs: readonly InputPartition[], max: number): Chosen {
  const taken = new Array<number>(inputs.length).fill(0)
  const records: LogRecord[] = []
  const from: number[] = []
  while (records.length < max) {
    const next = earliest(inputs, taken)
    if (next === -1) break
    records.push(inputs[next]?.peek(taken[next] ?? 0) as LogRecord)
    from.push(next)
    taken[next] = (taken[next] ?? 0) + 1
  }
  return { records, consume: (count) => consumeOf(inputs, from, count) }
}

function earliest(inputs: readonly InputPartition[], taken: readonly number[]): number {
  let best = -1
  let bestRecord: LogRecord | undefined
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i] as InputPartition
    const record = input.peek(taken[i] ?? 0)
    if (record === undefined) {
      // What the log has next may be older than anything here: go no further without it.
      if (input.hasMoreInLog) return -1
      continue
    }
    if (bestRecord === undefined || isBefore(record, bestRecord)) {
      best = i
      bestRecord = record
    }
  }
  return best
}

function isBefore(a: LogRecord, b: LogRecord): boolean {
  return a.timestampMs === b.timestampMs ? a.topic < b.topic : a.timestampMs < b.timestampMs
}

function consumeOf(inputs: readonly InputPartition[], from: readonly number[], count: number): void {
  const counts = new Array<number>(inputs.length).fill(0)
  for (let i = 0; i < count; i++) {
    const at = from[i] as number
    counts[at] = (counts[at] ?? 0) + 1
  }
  inputs.forEach((input, at) => {
    input.consume(counts[at] ?? 0)
  })
}
