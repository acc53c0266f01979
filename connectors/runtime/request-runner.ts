import {
  causeOf,
  deadLetterRecord,
  decodeWhenReady,
  isStreamsError,
  type Log,
  type LogRecord,
  type ProducerRecord,
  partitionFor,
  StreamsError,
} from '#streams'
import type { Connector, RequestContext } from './connector.ts'
import type { Entry, PartitionQueue } from './partition-queue.ts'
import type { Pauses } from './pauses.ts'

/** What a connector has done since it was started. */
export type ConnectorCounts = { processed: number; deadLetters: number }

/** What a runner works with. */
export type RunnerParts<Request, Result> = {
  readonly connector: Connector<Request, Result>
  readonly log: Log
  /** Application, group and prefix of the dead-letter topic. */
  readonly app: string
  /** Wall-clock time. */
  readonly nowMs: () => number
  readonly counts: ConnectorCounts
  readonly pauses: Pauses
}

/** Decodes requests, has the connector deal with them, and puts what comes out into their queue. */
export class RequestRunner<Request, Result> {
  readonly #parts: RunnerParts<Request, Result>
  readonly #changed: () => void

  /** `changed` is called whenever there may be something to commit. */
  constructor(parts: RunnerParts<Request, Result>, changed: () => void) {
    this.#parts = parts
    this.#changed = changed
  }

  /**
   * Takes a record in; the connector goes on with it after this has resolved.
   * @throws StreamsError SCHEMA_REGISTRY_UNAVAILABLE: that says nothing about the record, so it must come again.
   */
  async take(queue: PartitionQueue, record: LogRecord): Promise<void> {
    const decoded = await this.#decode(record)
    if (queue.abort.signal.aborted) return
    if ('failure' in decoded) {
      this.#giveUp(queue.add(record, this.#parts.nowMs()), decoded.failure, 'decode')
    } else if (this.#parts.connector.accepts?.(decoded.request) ?? true) {
      this.#begin(queue, record, decoded.request)
    }
  }

  async #decode(record: LogRecord): Promise<{ request: Request } | { failure: unknown }> {
    try {
      if (record.value === null) throw new StreamsError('CONNECTOR_EMPTY_REQUEST', 'The record has no value.')
      return { request: await decodeWhenReady(this.#parts.connector.requests.value, record.value) }
    } catch (failure) {
      if (isStreamsError(failure, 'SCHEMA_REGISTRY_UNAVAILABLE')) throw failure
      return { failure }
    }
  }

  #begin(queue: PartitionQueue, record: LogRecord, request: Request): void {
    const { connector, pauses, nowMs, counts } = this.#parts
    const entry = queue.add(record, nowMs())
    const { signal } = queue.abort
    const context: RequestContext<Result> = {
      signal,
      requestedAtMs: record.timestampMs,
      mayRepeat: record.offset < queue.newFrom,
      pause: (ms) => pauses.pause(connector.wakeKeyOf?.(request) ?? null, ms, signal),
      emit: (result) => this.#emit(entry, result),
      emitOnce: (result) => {
        entry.isHeld = true
        this.#emit(entry, result)
      },
    }
    const finish = () => {
      entry.isFinished = true
      counts.processed++
      this.#changed()
    }
    connector.handle(request, context).then(finish, (error: unknown) => {
      if (!signal.aborted) this.#giveUp(entry, error, 'process')
    })
  }

  #emit(entry: Entry, result: Result): void {
    entry.waiting.push(this.#resultRecord(result))
    this.#changed()
  }

  #giveUp(entry: Entry, error: unknown, step: 'decode' | 'process'): void {
    const { app, counts } = this.#parts
    const at = { topic: `${app}.dead-letters`, partition: entry.record.partition, app }
    entry.waiting.push(deadLetterRecord(at, entry.record, causeOf(error, step)))
    entry.isFinished = true
    counts.deadLetters++
    this.#changed()
  }

  #resultRecord(result: Result): ProducerRecord {
    const { connector, log, nowMs } = this.#parts
    const { results } = connector
    const value = results.value.serialize(result)
    const key = results.keyOf ? results.key.serialize(results.keyOf(result)) : null
    const partition = key === null ? 0 : partitionFor(key, log.partitionCount(results.name))
    return { topic: results.name, partition, timestampMs: nowMs(), key, value }
  }
}
