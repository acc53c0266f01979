import { StreamsError } from '../errors.ts'
import type { LogRecord, Position } from '../log/log.ts'
import type { FailurePolicies } from '../topology/policies.ts'
import { causeOf, type DeadLetterCause, deadLetterRecord } from './dead-letter.ts'
import type { DeadLetterEvent } from './hooks.ts'
import { type ParkedKeys, type ParkedRecord, parkingKeyOf } from './parked-keys.ts'
import { RECORD_OVERHEAD_BYTES, type Staging } from './staging.ts'
import type { InputPort } from './task-graph.ts'

/** What the failure seams of a task need. */
export type TaskFailuresOptions = {
  readonly app: string
  readonly taskId: string
  readonly policies: FailurePolicies
  /** Where dead letters of this task go. */
  readonly deadLetters: { readonly topic: string; readonly partition: number }
  readonly staging: Staging
  readonly parked: ParkedKeys | null
}

/** The failure seams of a task: what becomes of a record that cannot be decoded or processed. */
export class TaskFailures {
  private readonly options: TaskFailuresOptions

  constructor(options: TaskFailuresOptions) {
    this.options = options
  }

  /** @throws StreamsError STREAMS_DECODE_FAILED where the policy is to fail */
  onDecode(record: LogRecord, port: InputPort, error: unknown): void {
    const policy = this.options.policies.onDecodeError
    if (policy === 'fail') throw failed('STREAMS_DECODE_FAILED', 'cannot be decoded', record, port.node, error)
    if (policy === 'skip') this.options.staging.skipped++
    else this.giveUp(record, causeOf(error, port.node), 'decode')
  }

  /** @throws StreamsError STREAMS_PROCESS_FAILED where the policy is to fail */
  onProcess(record: LogRecord, port: InputPort, error: unknown, step: string): void {
    const { policies, staging, parked } = this.options
    const policy = policies.onProcessError
    const cause = causeOf(error, step)
    if (policy === 'fail') throw failed('STREAMS_PROCESS_FAILED', 'cannot be processed', record, step, error)
    if (policy === 'skip') staging.skipped++
    else if (policy === 'park' && parked !== null && canPark(record, port)) {
      parked.park(record, cause)
      this.note(record, cause, 'parked')
    } else this.giveUp(record, cause, 'process')
  }

  /**
   * A tick failed on one aggregate. There is nothing to park: the aggregate stays due, so that the next tick tries it
   * again, and each failure leaves a dead letter under the aggregate's key.
   * @throws StreamsError STREAMS_PROCESS_FAILED where the policy is to fail
   */
  onAttempt(record: LogRecord, key: string, error: unknown, step: string): void {
    const policy = this.options.policies.onProcessError
    if (policy === 'fail')
      throw failed('STREAMS_PROCESS_FAILED', `fails on ${JSON.stringify(key)}`, record, step, error)
    if (policy === 'skip') this.options.staging.skipped++
    else this.giveUp({ ...record, key: Buffer.from(key, 'utf8') }, causeOf(error, step), 'process')
  }

  /** A parked record failed again when it was replayed: it stays the first of its queue. */
  onReplay(entry: string, waiting: ParkedRecord, error: unknown, step: string): void {
    const cause = causeOf(error, step)
    this.options.parked?.renew(entry, waiting, cause)
    this.note(waiting, cause, 'parked')
  }

  /** Sends a record to the dead letters. */
  giveUp(record: LogRecord, cause: DeadLetterCause, reason: DeadLetterEvent['reason']): void {
    const { staging, deadLetters, app } = this.options
    staging.records.push(deadLetterRecord({ ...deadLetters, app }, record, cause))
    staging.bytes +=
      (record.key?.length ?? 0) + (record.value?.length ?? 0) + cause.message.length + RECORD_OVERHEAD_BYTES
    this.note(record, cause, reason)
  }

  private note(record: Position, cause: DeadLetterCause, reason: DeadLetterEvent['reason']): void {
    const { app, taskId, staging } = this.options
    const { topic, partition, offset } = record
    staging.deadLetters.push({ app, taskId, reason, at: { topic, partition, offset }, ...cause })
  }
}

/** Only records with a key that belongs to them can make others wait: a tick's key is nobody's. */
export function canPark(record: LogRecord, port: InputPort): boolean {
  return (port.kind === 'stream' || port.kind === 'table') && parkingKeyOf(record) !== null
}

/** The policy is to stop: neither the record nor any after it is processed. */
export class TaskStop extends StreamsError {}

function failed(code: string, what: string, record: LogRecord, step: string, cause: unknown): TaskStop {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TaskStop(
    code,
    `The record ${record.topic}-${record.partition}@${record.offset} ${what} (step ${JSON.stringify(step)}): ${why} ` +
      'The policy of the topology is to stop: correct the cause, or choose dead-letter, park or skip.',
    { cause },
  )
}
