import { randomUUID } from 'node:crypto'
import { isStreamsError } from '../../errors.ts'
import type { ProducerRecord } from '../log.ts'
import type { KafkaProducer } from './transactional-producer.ts'

/** A try that was aborted is made again so often. */
const TRIES_MAX = 20

/**
 * Appends that one batch cannot hold, over partitions or too large for one: each is a transaction of its own, one after
 * the other, under an id that nobody else has.
 */
export class WideAppender {
  private readonly open: (id: string) => Promise<KafkaProducer>
  private readonly id = `append-${randomUUID()}`
  private producer: Promise<KafkaProducer> | undefined
  private turn: Promise<unknown> = Promise.resolve()

  constructor(open: (id: string) => Promise<KafkaProducer>) {
    this.open = open
  }

  /** Answers with the offset of each record, in order. @throws as `TransactionalProducer.commit` */
  append(records: readonly ProducerRecord[]): Promise<readonly number[]> {
    const mine = this.turn.then(() => this.write(records))
    this.turn = mine.catch(() => undefined)
    return mine
  }

  async close(): Promise<void> {
    await this.turn
    await (await this.producer?.catch(() => undefined))?.close()
  }

  private async write(records: readonly ProducerRecord[]): Promise<readonly number[]> {
    for (let left = TRIES_MAX; ; left--) {
      this.producer ??= this.open(this.id)
      try {
        return await (await this.producer).append(records)
      } catch (error) {
        if (isStreamsError(error, 'LOG_ABORTED') && left > 0) continue
        if (!isStreamsError(error, 'LOG_RECORD_TOO_LARGE') && !isStreamsError(error, 'LOG_UNKNOWN_TOPIC')) {
          await (await this.producer.catch(() => undefined))?.close()
          this.producer = undefined
        }
        throw error
      }
    }
  }
}
