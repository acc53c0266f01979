import { StreamsError } from '../errors.ts'
import type { LogRecord } from '../log/log.ts'
import { SerdeNotReady } from '../serde/serde.ts'
import { causeOf } from './dead-letter.ts'
import { fromParked, type ParkedKeys, type ParkedRecord, parkingKeyOf, parseControl } from './parked-keys.ts'
import type { Savepoint, Staging } from './staging.ts'
import type { TaskContext } from './task-context.ts'
import { canPark, type TaskFailures, TaskStop } from './task-failures.ts'
import type { InputPort } from './task-graph.ts'

/** A record that has been decoded, or the error that says why it has not. */
export type Decoded = {
  readonly key: string
  readonly value: unknown
  readonly failure: { readonly error: unknown } | null
}

/** What became of one run of a record. `needs-state`: nothing; run it again once what it asked for is loaded. */
export type RunOutcome = 'done' | 'needs-state'

/** What a runner is made of. */
export type TaskRunnerOptions = {
  readonly ports: ReadonlyMap<string, InputPort>
  readonly staging: Staging
  readonly context: TaskContext
  readonly failures: TaskFailures
  readonly parked: ParkedKeys | null
}

/** Runs one record at a time through the operators, with all of its effects or none. Synchronous. */
export class TaskRunner {
  private readonly options: TaskRunnerOptions
  private readonly staging: Staging
  private readonly context: TaskContext
  private readonly parked: ParkedKeys | null

  constructor(options: TaskRunnerOptions) {
    this.options = options
    this.staging = options.staging
    this.context = options.context
    this.parked = options.parked
  }

  /** @throws StreamsError STREAMS_PROCESS_FAILED, STREAMS_DECODE_FAILED where the policy is to fail */
  run(record: LogRecord, port: InputPort, decoded: Decoded): RunOutcome {
    const { staging } = this
    const savepoint = staging.savepoint()
    this.begin(record)
    try {
      this.dispatch(record, port, decoded)
      // A signal that a processor has caught counts all the same.
      if (!staging.isNeedy) {
        staging.seal(savepoint)
        staging.forgetUndo()
        return 'done'
      }
    } catch (error) {
      staging.rollback(savepoint)
      if (staging.isNeedy) return 'needs-state'
      if (error instanceof TaskStop) throw error
      this.giveUp(record, port, error, savepoint)
      return 'done'
    }
    staging.rollback(savepoint)
    return 'needs-state'
  }

  private giveUp(record: LogRecord, port: InputPort, error: unknown, savepoint: Savepoint): void {
    const { staging } = this
    const { step } = this.context
    this.options.failures.onProcess(record, port, error, step)
    try {
      staging.seal(savepoint)
    } catch (tooLarge) {
      // It cannot even be parked: the dead letters take it, cut short where they must.
      staging.rollback(savepoint)
      this.options.failures.giveUp(record, causeOf(tooLarge, step), 'process')
    }
    staging.forgetUndo()
  }

  /** Runs a record for nothing but what state it asks for. */
  probe(record: LogRecord, port: InputPort, decoded: Decoded): void {
    if (decoded.failure !== null || port.kind === 'control') return
    const savepoint = this.staging.savepoint()
    this.begin(record)
    try {
      this.feed(port, decoded.key, decoded.value)
    } catch {
      // Whatever it is, it is looked at when the record's turn has come.
    }
    this.staging.rollback(savepoint)
  }

  private begin(record: LogRecord): void {
    this.context.record.log = record
    this.staging.timestampMs = record.timestampMs
  }

  private dispatch(record: LogRecord, port: InputPort, decoded: Decoded): void {
    const { parked } = this
    if (port.kind === 'control') {
      this.control(record, port)
      return
    }
    if (parked !== null && parked.keyCount > 0 && canPark(record, port) && parked.has(parkingKeyOf(record) ?? '')) {
      parked.park(record, null)
      return
    }
    if (decoded.failure === null) this.feed(port, decoded.key, decoded.value)
    else this.options.failures.onDecode(record, port, decoded.failure.error)
  }

  private feed(port: InputPort, key: string, value: unknown): void {
    if (port.kind !== 'clock') {
      port.head.process(key, value)
      return
    }
    this.context.at(port.node)
    const timeMs = port.timeMs(value)
    for (const operator of port.woken) operator.tick?.(value, timeMs)
  }

  private control(record: LogRecord, port: InputPort): void {
    this.context.at(port.node)
    const { parked } = this
    if (parked === null) return
    let command: ReturnType<typeof parseControl>
    try {
      command = parseControl(record.value)
    } catch (error) {
      this.options.failures.onDecode(record, port, error)
      return
    }
    if (!parked.has(command.key)) return
    if (command.action === 'replay') this.replay(parked, command.key)
    else this.discard(parked, command.key, command.records ?? Infinity)
  }

  /** Runs what waits, in order, up to the first record that fails again. */
  private replay(parked: ParkedKeys, key: string): void {
    for (const [entry, waiting] of parked.queueOf(key)) {
      if (!this.replayOne(parked, entry, waiting)) return
    }
  }

  private replayOne(parked: ParkedKeys, entry: string, waiting: ParkedRecord): boolean {
    const { staging } = this
    const savepoint = staging.savepoint()
    const record = fromParked(waiting)
    this.begin(record)
    try {
      const port = this.options.ports.get(record.topic)
      if (port === undefined) throw topicGone(record.topic)
      const { key, value, failure } = decodeRecord(record, port)
      if (failure === null) this.feed(port, key, value)
      else this.options.failures.onDecode(record, port, this.lasting(entry, failure.error))
      if (staging.isNeedy) return false
      staging.seal(savepoint)
    } catch (error) {
      if (staging.isNeedy || error instanceof TaskStop) throw error
      staging.rollback(savepoint)
      this.options.failures.onReplay(entry, waiting, error, this.context.step)
      return false
    }
    parked.release(entry)
    return true
  }

  /** An error that waiting does not cure; where it may, the record is run again after the wait. */
  private lasting(entry: string, error: unknown): unknown {
    return error instanceof SerdeNotReady ? this.staging.waitFor(entry, error) : error
  }

  private discard(parked: ParkedKeys, key: string, most: number): void {
    let left = most
    for (const [entry, waiting] of parked.queueOf(key)) {
      if (left-- <= 0) return
      const record = fromParked(waiting)
      this.options.failures.giveUp(record, waiting.cause ?? WAITED, 'discarded')
      parked.release(entry)
    }
  }
}

/** The cause of a discarded record that had none of its own. */
const WAITED = {
  code: 'STREAMS_PARKED',
  message: 'An earlier record of this key had failed, and the key was discarded.',
  step: 'control',
}

/** Decodes a record as its input says. A failure may be a SerdeNotReady, which is no fault of the record's. */
export function decodeRecord(record: LogRecord, port: InputPort): Decoded {
  try {
    // The key is null at run time where the record has none; see operator.ts.
    const key = record.key === null ? (null as unknown as string) : port.key.deserialize(record.key)
    if (record.value !== null) return { key, value: port.value.deserialize(record.value), failure: null }
    if (port.kind === 'table') return { key, value: null, failure: null }
    return { key, value: null, failure: { error: noValue(port) } }
  } catch (error) {
    return { key: '', value: null, failure: { error } }
  }
}

function noValue(port: InputPort): StreamsError {
  return new StreamsError(
    'STREAMS_NULL_VALUE',
    `A record without a value came to ${JSON.stringify(port.node)}. Only tables read such records, as deletes.`,
  )
}

function topicGone(topic: string): StreamsError {
  return new StreamsError(
    'STREAMS_PARKED_TOPIC_GONE',
    `A parked record came from ${JSON.stringify(topic)}, which the topology does not read any more. Discard it.`,
  )
}
