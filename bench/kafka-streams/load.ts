import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Latencies of a paced run, in milliseconds. */
export type Latencies = { readonly p50: number; readonly p99: number; readonly measured: number }

/** What the load process can be asked for: the order, and what it answers. */
export type LoadCalls = {
  /** Makes topics; compacted ones keep every record of this run. */
  createTopics: (order: {
    readonly names: readonly string[]
    readonly partitions: number
    readonly compacted: boolean
  }) => null
  deleteTopics: (order: { readonly prefix: string }) => null
  /** Writes so many records over the keys `key-0`, `key-1`, … with values of so many bytes. */
  fill: (order: {
    readonly topic: string
    readonly records: number
    readonly keys: number
    readonly valueBytes: number
  }) => null
  /** Makes a group stand at the beginning of a topic: our side refuses state of a group that has no position. */
  position: (order: { readonly group: string; readonly topic: string; readonly partitions: number }) => null
  /** Waits until a group has committed the end of a topic, and tells when that was. */
  consumed: (order: { readonly group: string; readonly topic: string }) => { readonly atMs: number }
  /** Members of a group, with the number of partitions each has. */
  members: (order: { readonly group: string }) => Readonly<Record<string, number>>
  /** Starts to read an output and to write an input at a steady rate, until `latencies`. */
  pace: (order: PaceOrder) => null
  /** Ends the pace, and tells how long records took from when they were due until their output was read. */
  latencies: (order: { readonly skipMs: number }) => Latencies
  /** Waits until an output was read of a record sent after this time, in every partition; tells when the last came. */
  served: (order: { readonly sinceMs: number }) => { readonly atMs: number }
}

/** Where a paced run writes and reads, and how fast. */
export type PaceOrder = {
  readonly input: string
  readonly output: string
  readonly perSecond: number
  readonly keys: number
}

/** A message to the load process and its answer. */
export type LoadMessage = { readonly id: number; readonly call: keyof LoadCalls; readonly order: unknown }
/** The answer to a `LoadMessage`. */
export type LoadAnswer = { readonly id: number; readonly result?: unknown; readonly error?: string }

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void }

/**
 * The third process of the comparison: writes the load and reads the results, with the same client for both sides, so
 * that neither is measured by its own.
 */
export class Load {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #id = 0

  constructor(brokers: readonly string[]) {
    this.#child = fork(join(import.meta.dirname, 'load-worker.ts'), [JSON.stringify(brokers)], {
      execArgv: ['--no-warnings'],
    })
    this.#child.on('message', ({ id, result, error }: LoadAnswer) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error === undefined) waiting?.resolve(result as never)
      else waiting?.reject(new Error(error))
    })
    this.#child.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The load process ended (${code}).`))
    })
  }

  call<C extends keyof LoadCalls>(call: C, order: Parameters<LoadCalls[C]>[0]): Promise<ReturnType<LoadCalls[C]>> {
    this.#id += 1
    const message: LoadMessage = { id: this.#id, call, order }
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.id, { resolve, reject })
      this.#child.send(message)
    })
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
  }
}
