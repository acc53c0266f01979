import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '@platformatic/kafka'
import { isStreamsError, StreamsError } from '../../errors.ts'
import type { CommitReceipt, ProducerRecord, TopicPartition, Transaction, TransactionalProducer } from '../log.ts'
import { NoAnswer, NotSent, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import { type PartitionBatches, toBatches } from './batches.ts'
import type { Cluster, CoordinatorKind } from './cluster.ts'
import { LeftOpen } from './left-open.ts'
import { Links } from './links.ts'
import { produceRefusal, produceVerdict } from './produce-errors.ts'
import { type PartitionBatch, PRODUCE_VERSION, type ProduceAnswer, sendBatches } from './produce-request.ts'
import { encodeBatch } from './record-batch.ts'
import { fenced, Stopped, unknown } from './transaction-errors.ts'
import { transactionVerdict } from './transaction-rules.ts'
import * as steps from './transaction-steps.ts'

/** Records of one partition that lie one behind the other. */
type Run = { readonly baseOffset: number; readonly count: number }

/** Where the records of one partition are: the offset after the last, and each run of them in order. */
type Landing = TopicPartition & { offset: number; readonly runs: Run[] }

/** One batch on its way. */
type Part = PartitionBatch & { readonly count: number }

/** The answer of a leader that cannot be reached: there will be another one. */
const UNREACHED = { error: 'LEADER_NOT_AVAILABLE', detail: 'it cannot be reached', baseOffset: -1 }
/** The coordinator works on the last transaction's markers for about a millisecond: looking again soon pays. */
const AGAIN_MS_FIRST = 1
const AGAIN_MS_MAX = 100
/** So long after its end a transaction's markers are written, most likely: partitions then add themselves at once. */
const MARKERS_MS = 10

/**
 * Writes one transaction after another under one transactional id.
 *
 *   add partitions and offsets  →  records ∥ consumed positions  →  end
 *
 * The first step is not needed where the transaction has an epoch of its own (KIP-890): there it is part of the second.
 * Which kind it is may change from one transaction to the next; one that needs an epoch of its own after one that left
 * the epoch as it was has it renewed first.
 *
 * Invariant: a request that got no answer is never sent again under the same epoch. A late copy of it could take effect
 * in the next transaction; instead the outcome is reported as unknown, and the next producer of the id, with a new
 * epoch, ends whatever is open.
 */
export class KafkaProducer implements TransactionalProducer {
  private readonly cluster: Cluster
  private readonly links: Links
  private readonly settled: (group: string) => Promise<void>
  private identity: steps.ProducerIdentity
  /** The number of the next record of each partition, in this epoch. */
  private sequences = new Map<string, number>()
  private readonly leftOpen: LeftOpen
  /** Whether the transaction under way has an epoch of its own. */
  private kip890 = false
  /** No transaction has ended under this epoch yet. */
  private isEpochNew = true
  private endedAtMs = performance.now()
  /** Set when nothing can be written any more under this identity. */
  private end: StreamsError | undefined

  private constructor(cluster: Cluster, links: Links, identity: steps.ProducerIdentity, settled: Settled) {
    this.cluster = cluster
    this.links = links
    this.identity = identity
    this.settled = settled
    this.leftOpen = new LeftOpen(cluster, identity.id)
  }

  /**
   * Takes over a transactional id: earlier holders are fenced, and what they had open is ended before this resolves.
   * @throws StreamsError LOG_UNREACHABLE, LOG_REFUSED, LOG_AUTHENTICATION_FAILED
   */
  static async open(cluster: Cluster, id: string, settled: Settled): Promise<KafkaProducer> {
    const { transactionTimeoutMs, requestTimeoutMs, patienceMs } = cluster.options
    // What has no answer when the transaction is timed out anyway need not be waited for.
    const links = new Links(cluster.options, Math.min(requestTimeoutMs, transactionTimeoutMs))
    const backoff = new Backoff({ firstMs: 5, maxMs: 500, totalMs: patienceMs })
    let trouble = ''
    do {
      try {
        const link = await links.to(await cluster.coordinator('transaction', id))
        const { error, identity } = await steps.initialise(link, steps.newcomer(id), transactionTimeoutMs)
        if (error === 'NONE') return new KafkaProducer(cluster, links, identity, settled)
        const verdict = transactionVerdict(error)
        if (verdict === 'find') cluster.forgetCoordinator('transaction', id)
        // Fenced while we take the id over: another instance does the same at this moment, and the last one wins.
        else if (verdict === 'refused') throw refused(`transactions by the id ${id}`, error)
        trouble = error
      } catch (error) {
        if (!(error instanceof NoAnswer)) {
          await links.close()
          throw error
        }
        cluster.forgetCoordinator('transaction', id)
        trouble = error.message
      }
    } while (await backoff.wait())
    await links.close()
    throw new StreamsError(
      'LOG_UNREACHABLE',
      `Transactions by the id ${id} cannot begin (${trouble}). Look after the brokers.`,
    )
  }

  async commit(transaction: Transaction): Promise<CommitReceipt> {
    const landed = await this.transact(transaction)
    return { positions: landed.map(({ topic, partition, offset }) => ({ topic, partition, offset })) }
  }

  /** Writes records in a transaction of their own; answers with the offset of each, in order. @throws as `commit` */
  async append(records: readonly ProducerRecord[]): Promise<readonly number[]> {
    const landed = await this.transact({ records, consumed: null })
    const offsets = new Map(landed.map((one) => [`${one.topic}/${one.partition}`, offsetsOf(one.runs)]))
    return records.map(({ topic, partition }) => offsets.get(`${topic}/${partition}`)?.next().value ?? -1)
  }

  private async transact(transaction: Transaction): Promise<readonly Landing[]> {
    if (this.end !== undefined) throw this.end
    const batches = toBatches(this.cluster, transaction.records)
    for (const position of transaction.consumed?.positions ?? []) this.cluster.assertKnown(position)
    if (batches.length === 0 && (transaction.consumed?.positions.length ?? 0) === 0) return []
    try {
      return await this.write(batches, transaction.consumed)
    } catch (error) {
      throw await this.outcomeOf(error, transaction)
    }
  }

  async close(): Promise<void> {
    this.end ??= new StreamsError('LOG_CLOSED', `The producer ${this.identity.id} is closed. Open another one.`)
    await this.links.close()
  }

  private async write(batches: readonly PartitionBatches[], consumed: Transaction['consumed']): Promise<Landing[]> {
    this.kip890 = this.takesOwnEpoch()
    // A broker takes a record for one of the transaction before where that has the same epoch and its marker is not
    // written yet, whatever the time since: it would be committed with that one, and without what belongs to it here.
    if (this.kip890 && !this.isEpochNew) await this.renewEpoch()
    const hasOffsets = consumed !== null && consumed.positions.length > 0
    const coordinator = await this.coordinatorLink('transaction', this.identity.id, this.patience())
    await this.leftOpen.assertNone(this.identity.producerId, coordinator, batches)
    if (!this.kip890) {
      await bothEnd(
        batches.length === 0 ? null : this.step((link) => steps.addPartitions(link, this.identity, batches)),
        hasOffsets ? this.step((link) => steps.addOffsets(link, this.identity, consumed.epoch.group)) : null,
      )
    }
    const [, landed] = await bothEnd(hasOffsets ? this.commitOffsets(consumed) : null, this.produce(batches))
    await this.endWith(true)
    return landed
  }

  private takesOwnEpoch(): boolean {
    const { hasEpochPerTransaction, options } = this.cluster
    if (!hasEpochPerTransaction || options.transactions === 'classic') return false
    return options.transactions === 'kip-890' || performance.now() - this.endedAtMs > MARKERS_MS
  }

  /** One request to the transaction coordinator, sent again where the rules say that nothing was done. */
  private async step(ask: (link: Connection) => Promise<string>): Promise<void> {
    await this.until('transaction', this.identity.id, ask)
  }

  private async commitOffsets({ epoch, positions }: NonNullable<Transaction['consumed']>): Promise<void> {
    const { kip890 } = this
    await this.until('group', epoch.group, (link) => steps.commitOffsets(link, this.identity, epoch, positions, kip890))
  }

  private async until(kind: CoordinatorKind, key: string, ask: (link: Connection) => Promise<string>): Promise<void> {
    const backoff = this.patience()
    let error: string
    do {
      error = await ask(await this.coordinatorLink(kind, key, backoff))
      if (error === 'NONE') return
      const verdict = transactionVerdict(error)
      if (verdict === 'find') this.cluster.forgetCoordinator(kind, key)
      else if (verdict === 'refused')
        throw new Stopped('refused', error, refused(`a transaction of ${this.identity.id}`, error))
      else if (verdict !== 'again') throw new Stopped(verdict, error)
    } while (await backoff.wait())
    throw new Stopped('abort', error)
  }

  /** Looks for a coordinator that can be reached: until it is nothing has been asked. @throws NoAnswer */
  private async coordinatorLink(kind: CoordinatorKind, key: string, backoff: Backoff): Promise<Connection> {
    for (;;) {
      try {
        return await this.links.to(await this.cluster.coordinator(kind, key))
      } catch (error) {
        if (!(error instanceof NotSent) || !(await backoff.wait())) throw error
        this.cluster.forgetCoordinator(kind, key)
      }
    }
  }

  /** What is not done by the time the coordinator ends the transaction need not be tried again. */
  private patience(): Backoff {
    const { transactionTimeoutMs: totalMs } = this.cluster.options
    return new Backoff({ firstMs: AGAIN_MS_FIRST, maxMs: AGAIN_MS_MAX, totalMs })
  }

  /** Sends the batches, those of one partition one after the other; answers with where each landed. */
  private async produce(partitions: readonly PartitionBatches[]): Promise<Landing[]> {
    const landed = new Map<string, Landing>()
    const rounds = Math.max(0, ...partitions.map(({ batches }) => batches.length))
    for (let round = 0; round < rounds; round++) {
      const parts = partitions.flatMap(({ topic, partition, batches }): Part[] => {
        const records = batches[round]
        return records === undefined ? [] : [{ topic, partition, batch: this.encode(records), count: records.length }]
      })
      await this.produceRound(parts, landed)
    }
    return [...landed.values()]
  }

  /** One batch a partition. What may not be written goes again to its broker or the next leader, unchanged. */
  private async produceRound(parts: readonly Part[], landed: Map<string, Landing>): Promise<void> {
    const backoff = this.patience()
    let left = parts
    for (;;) {
      const groups = await this.cluster.byLeader(left)
      // All answers are awaited, also after a bad one: what is under way could otherwise land behind the end.
      const sent = await Promise.allSettled([...groups].map(([node, group]) => this.produceTo(node, group)))
      const answers = sent.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
      for (const one of sent) if (one.status === 'rejected') throw one.reason
      const again = answers.filter((answer) => !this.isLanded(answer, left, landed))
      if (again.length === 0) return
      if (!(await backoff.wait())) throw new Stopped('abort', again[0]?.error ?? '')
      left = left.filter((part) => again.some((one) => one.topic === part.topic && one.partition === part.partition))
      await this.cluster.refresh().catch(() => undefined)
    }
  }

  private async produceTo(node: number, parts: readonly Part[]): Promise<readonly ProduceAnswer[]> {
    let link: Connection
    try {
      link = await this.links.to(this.cluster.addressOf(node))
    } catch (error) {
      if (!(error instanceof NotSent)) throw error
      return parts.map(({ topic, partition }) => ({ topic, partition, ...UNREACHED }))
    }
    const version = this.kip890 ? PRODUCE_VERSION.epochPerTransaction : PRODUCE_VERSION.classic
    return await sendBatches(link, version, this.identity.id, parts, this.cluster.options.requestTimeoutMs)
  }

  /** False where it may be sent again. */
  private isLanded(answer: ProduceAnswer, parts: readonly Part[], landed: Map<string, Landing>): boolean {
    const { topic, partition, error, baseOffset } = answer
    const verdict = produceVerdict(answer)
    if (verdict === 'again' || verdict === 'perhaps') return false
    if (verdict === 'refused') throw new Stopped('refused', error, produceRefusal(answer))
    if (verdict !== 'written') throw new Stopped(verdict, `${topic}/${partition} ${error}`)
    const count = parts.find((one) => one.topic === topic && one.partition === partition)?.count ?? 0
    const name = `${topic}/${partition}`
    const landing = landed.get(name) ?? { topic, partition, offset: -1, runs: [] }
    landing.runs.push({ baseOffset, count })
    landing.offset = baseOffset + count
    landed.set(name, landing)
    return true
  }

  private encode(records: PartitionBatches['batches'][number]): Buffer {
    const { topic, partition } = records[0] as { topic: string; partition: number }
    const name = `${topic}/${partition}`
    const firstSequence = this.sequences.get(name) ?? 0
    this.sequences.set(name, firstSequence + records.length)
    const { producerId, producerEpoch } = this.identity
    const producer = { producerId, producerEpoch, firstSequence, isTransactional: true }
    return encodeBatch(records, producer, this.cluster.options.compression)
  }

  private async endWith(commit: boolean): Promise<void> {
    const { kip890 } = this
    await this.step(async (link) => {
      const { error, next } = await steps.endTransaction(link, this.identity, commit, kip890)
      if (error !== 'NONE') return error
      this.isEpochNew = next !== this.identity
      if (this.isEpochNew) this.sequences = new Map()
      this.identity = next
      return error
    })
    this.endedAtMs = performance.now()
  }

  /** The error of the port that says what became of the transaction; ends it where that is ours to do. */
  private async outcomeOf(error: unknown, transaction: Transaction): Promise<StreamsError> {
    if (error instanceof Stopped) {
      if (error.verdict === 'fenced') return this.endedBy(fenced(this.identity.id, error.message))
      if (error.verdict === 'renew') return this.endedBy(unknown(this.identity.id, error.message))
      const failed = await this.abort()
      if (failed !== undefined) return failed
      if (error.error !== undefined) return error.error
      if (error.verdict === 'zombie') return await this.zombie(error.message, transaction)
      return new StreamsError('LOG_ABORTED', `The transaction of ${this.identity.id} was aborted (${error.message}).`)
    }
    // No answer, or no broker: what was asked may have been done, or may still be.
    if (error instanceof NoAnswer || isStreamsError(error, 'LOG_UNREACHABLE')) {
      this.lookAgain(transaction)
      return this.endedBy(unknown(this.identity.id, error.message))
    }
    return this.endedBy(
      isStreamsError(error)
        ? error
        : new StreamsError('LOG_OUTCOME_UNKNOWN', `The transaction of ${this.identity.id} failed: ${String(error)}`, {
            cause: error,
          }),
    )
  }

  /** Who gave no answer may be gone: the next producer shall not begin by asking the same again. */
  private lookAgain({ consumed }: Transaction): void {
    this.cluster.forgetCoordinator('transaction', this.identity.id)
    if (consumed !== null) this.cluster.forgetCoordinator('group', consumed.epoch.group)
    this.cluster.refresh().catch(() => undefined)
  }

  /** Undefined where the transaction is certainly aborted. */
  private async abort(): Promise<StreamsError | undefined> {
    try {
      await this.endWith(false)
      // Without an epoch of its own each, a transaction goes on numbering where the last one was; after an abort what
      // the brokers have seen of it is not certain, so the id is initialised anew.
      if (!this.kip890) await this.renewEpoch()
      return undefined
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (error instanceof Stopped && error.verdict === 'fenced') return this.endedBy(fenced(this.identity.id, why))
      return this.endedBy(unknown(this.identity.id, why))
    }
  }

  private async renewEpoch(): Promise<void> {
    const { transactionTimeoutMs } = this.cluster.options
    await this.step(async (link) => {
      const { error, identity } = await steps.initialise(link, this.identity, transactionTimeoutMs)
      if (error === 'NONE') {
        this.identity = identity
        this.sequences = new Map()
      }
      return error
    })
    this.isEpochNew = true
  }

  /** Where our own membership moves on at this moment the caller shall find its new epoch when it looks. */
  private async zombie(why: string, { consumed }: Transaction): Promise<StreamsError> {
    if (consumed !== null) await Promise.race([this.settled(consumed.epoch.group), sleep(1_000)])
    return fenced(this.identity.id, why)
  }

  private endedBy(error: StreamsError): StreamsError {
    this.end ??= error
    return error
  }
}

/** The offset of each record, in order. */
function* offsetsOf(runs: readonly Run[]): Generator<number, undefined> {
  for (const { baseOffset, count } of runs) for (let i = 0; i < count; i++) yield baseOffset + i
}

/** Waits for both, also where one fails: what is still under way could otherwise land behind the transaction's end. */
async function bothEnd<A, B>(a: Promise<A> | null, b: Promise<B> | null): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value as A, second.value as B]
}

/** Resolves when this log's members of a group are not joining. */
type Settled = (group: string) => Promise<void>
