import {
  type GroupEpoch,
  isStreamsError,
  type Log,
  type Position,
  StreamsError,
  type TransactionalProducer,
} from '#streams'
import { keyOf } from './event-feed.ts'

/** Who announces, and where. */
export type AnnouncementsOptions = {
  readonly log: Log
  /** The sink's group: its committed positions are the announcements. */
  readonly group: string
  readonly instanceId: string
  /** The newest epoch of our membership; null where there is none. */
  readonly epoch: () => GroupEpoch | null
}

/**
 * What is about to be written, said in the log before it is: for a target that cannot refuse the late write of a
 * process that was frozen and has lost its place.
 *
 * Invariant: a block is written only after its end was committed as the group's position, which the log refuses to
 * whoever is not the owner any more. So at most one block is in doubt at a time, and whoever takes over finds both ends
 * of it: where the target is, and what was announced. It writes the very same block, under the same token. Of this
 * one and the late one, the target keeps one.
 */
export class Announcements {
  readonly #options: AnnouncementsOptions
  #producer: Promise<TransactionalProducer> | null = null

  constructor(options: AnnouncementsOptions) {
    this.#options = options
  }

  /**
   * Says how far the next block goes.
   * @throws StreamsError of `TransactionalProducer.commit`: then the block must not be written
   */
  async say(positions: readonly Position[]): Promise<void> {
    const { log, group, instanceId, epoch } = this.#options
    for (;;) {
      const present = epoch()
      if (present === null) throw lost(group)
      this.#producer ??= log.producer(`${group}-${instanceId}`)
      try {
        const producer = await this.#producer
        await producer.commit({ records: [], consumed: { epoch: present, positions } })
        return
      } catch (error) {
        // The group has moved on around us: what we had to give up was given up before, so this block is still ours.
        if (isStreamsError(error, 'LOG_FENCED') && isNewer(epoch(), present)) continue
        // What became of it may not be known: the next producer of the id ends whatever is open.
        await this.close()
        throw error
      }
    }
  }

  /** How far a block goes that was announced and that the target, at these positions, does not hold; maybe none. */
  async beyond(positions: readonly Position[]): Promise<readonly Position[]> {
    const announced = await this.#options.log.committed(this.#options.group, positions)
    const held = new Map(positions.map((position) => [keyOf(position), position.offset]))
    return announced.filter((position) => position.offset > (held.get(keyOf(position)) ?? 0))
  }

  async close(): Promise<void> {
    const producer = this.#producer
    this.#producer = null
    await producer?.then((one) => one.close()).catch(() => undefined)
  }
}

function isNewer(now: GroupEpoch | null, before: GroupEpoch): boolean {
  return now !== null && now.memberId === before.memberId && now.generation > before.generation
}

function lost(group: string): StreamsError {
  return new StreamsError('LOG_FENCED', `This process has no place in the group ${group} now, and writes nothing.`)
}
