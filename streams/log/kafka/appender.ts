import { initProducerIdV4 } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { ProducerRecord } from '../log.ts'
import { answerOf, errorName, messageOf, NoAnswer, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import { BATCH_BYTES_MAX } from './batches.ts'
import type { Cluster } from './cluster.ts'
import { Links } from './links.ts'
import { produceRefusal, produceVerdict } from './produce-errors.ts'
import { PRODUCE_VERSION, type ProduceAnswer, sendBatches } from './produce-request.ts'
import { batchedBytes, encodeBatch } from './record-batch.ts'

type Waiting = {
  readonly records: readonly ProducerRecord[]
  readonly bytes: number
  readonly resolve: (baseOffset: number) => void
  readonly reject: (error: unknown) => void
}

type Identity = { readonly producerId: bigint; readonly producerEpoch: number }

/** One partition's line: what waits, and the number that its next record has for the producer we are there. */
type Line = {
  readonly topic: string
  readonly partition: number
  readonly waiting: Waiting[]
  busy: boolean
  identity: Identity | undefined
  sequence: number
}

/**
 * Appends to single partitions outside of transactions. What arrives while a batch is on its way goes together into
 * the next: so an append is as fast as the broker, and many together cost little more than one. A batch is all or
 * nothing, and numbered: a broker that got it already answers a repeat with the first one's place.
 */
export class Appender {
  private readonly cluster: Cluster
  private readonly links: Links
  private readonly lines = new Map<string, Line>()
  private identity: Promise<Identity> | undefined
  private closed = false

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.links = new Links(cluster.options)
  }

  /**
   * Records of one partition that fit into one batch; answers with the offset of the first.
   * @throws StreamsError LOG_OUTCOME_UNKNOWN, LOG_UNREACHABLE, LOG_RECORD_TOO_LARGE, LOG_REFUSED
   */
  append(records: readonly ProducerRecord[]): Promise<number> {
    const { topic, partition } = records[0] as ProducerRecord
    const bytes = records.reduce((sum, record) => sum + batchedBytes(record), 0)
    const name = `${topic}/${partition}`
    let line = this.lines.get(name)
    if (line === undefined) {
      line = { topic, partition, waiting: [], busy: false, identity: undefined, sequence: 0 }
      this.lines.set(name, line)
    }
    const into = line
    return new Promise((resolve, reject) => {
      into.waiting.push({ records, bytes, resolve, reject })
      if (!into.busy) void this.serve(into)
    })
  }

  /** Lets what is on its way end. */
  async close(): Promise<void> {
    this.closed = true
    while ([...this.lines.values()].some(({ busy }) => busy)) await new Promise((resolve) => setTimeout(resolve, 5))
    await this.links.close()
  }

  /** Never rejects: each append is told of its own fate. */
  private async serve(line: Line): Promise<void> {
    line.busy = true
    while (line.waiting.length > 0) {
      const batch = takeBatch(line)
      try {
        let offset = await this.send(
          line,
          batch.flatMap(({ records }) => records),
        )
        for (const { records, resolve } of batch) {
          resolve(offset)
          offset += records.length
        }
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    line.busy = false
  }

  private async send(line: Line, records: readonly ProducerRecord[]): Promise<number> {
    const identity = await this.whoWeAre()
    if (line.identity !== identity) line.sequence = 0
    line.identity = identity
    const numbered = { ...identity, firstSequence: line.sequence, isTransactional: false }
    const batch = encodeBatch(records, numbered, this.cluster.options.compression)
    const backoff = new Backoff({ firstMs: 10, maxMs: 500, totalMs: this.cluster.options.patienceMs })
    let isUncertain = false
    let trouble = ''
    do {
      const answer = await this.sendOnce(line, batch)
      if (answer instanceof NoAnswer) {
        isUncertain = true
        trouble = answer.message
      } else {
        const verdict = produceVerdict(answer)
        if (verdict === 'written') {
          line.sequence += records.length
          return answer.baseOffset
        }
        if (verdict === 'perhaps') isUncertain = true
        else if (verdict !== 'again') throw this.giveUp(line, answer, isUncertain)
        trouble = answer.error
      }
      await this.cluster.refresh().catch(() => undefined)
    } while (!this.closed && (await backoff.wait()))
    this.renew()
    throw isUncertain ? unknownOutcome(line, trouble) : notWritten(line, trouble)
  }

  private async sendOnce({ topic, partition }: Line, batch: Buffer): Promise<ProduceAnswer | NoAnswer> {
    try {
      const [[node] = []] = await this.cluster.byLeader([{ topic, partition }])
      const link = await this.links.to(this.cluster.addressOf(node as number))
      const { requestTimeoutMs } = this.cluster.options
      const parts = [{ topic, partition, batch }]
      const [answer] = await sendBatches(link, PRODUCE_VERSION.classic, null, parts, requestTimeoutMs)
      return answer ?? new NoAnswer(new Error('the answer names no partition'))
    } catch (error) {
      if (error instanceof NoAnswer) return error
      throw error
    }
  }

  private giveUp(line: Line, answer: ProduceAnswer, isUncertain: boolean): StreamsError {
    if (produceVerdict(answer) === 'refused') return produceRefusal(answer)
    this.renew()
    return isUncertain ? unknownOutcome(line, answer.error) : notWritten(line, answer.error)
  }

  /** The next batches are numbered anew, by a producer that no broker has heard of. */
  private renew(): void {
    this.identity = undefined
  }

  private whoWeAre(): Promise<Identity> {
    if (this.identity === undefined) {
      const asking = this.initialise()
      this.identity = asking
      asking.catch(() => {
        if (this.identity === asking) this.identity = undefined
      })
    }
    return this.identity
  }

  private async initialise(): Promise<Identity> {
    const backoff = new Backoff({ firstMs: 20, maxMs: 500, totalMs: this.cluster.options.patienceMs })
    let trouble = ''
    do {
      try {
        const answer = await this.cluster.ask((link) => answerOf(initProducerIdV4.api.async(link, null, 0, -1n, -1)))
        const error = errorName(answer.errorCode)
        if (error === 'NONE') return { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
        if (error.endsWith('AUTHORIZATION_FAILED')) throw refused('to let us write', error)
        trouble = error
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        trouble = messageOf(error)
      }
    } while (!this.closed && (await backoff.wait()))
    throw new StreamsError('LOG_UNREACHABLE', `No broker gives a producer id (${trouble}). Look after them.`)
  }
}

function takeBatch(line: Line): Waiting[] {
  let bytes = 0
  let count = 0
  for (const { bytes: more } of line.waiting) {
    if (count > 0 && bytes + more > BATCH_BYTES_MAX) break
    bytes += more
    count++
  }
  return line.waiting.splice(0, count)
}

function unknownOutcome({ topic, partition }: Line, why: string): StreamsError {
  return new StreamsError(
    'LOG_OUTCOME_UNKNOWN',
    `Whether an append to ${topic}/${partition} was written is not known (${why}). Read the end of the partition, or ` +
      'write again where the reader drops repeats.',
  )
}

function notWritten({ topic, partition }: Line, why: string): StreamsError {
  return new StreamsError('LOG_ABORTED', `An append to ${topic}/${partition} was not written (${why}). Try it again.`)
}
