import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupEpoch, GroupMember, JoinGroupOptions, Log, TopicPartition } from './log.ts'

/** How a place in a group is kept. The callbacks are those of `JoinGroupOptions`. */
export type KeptMembershipOptions = Omit<JoinGroupOptions, 'onLost'> & {
  /** The place was lost without a hand-over: nothing that was ours may be written any more. */
  readonly onLost: (lost: readonly TopicPartition[]) => void
  /** Told why the place could not be taken again, and null once it could. */
  readonly onTrouble?: (error: unknown) => void
}

const RETRY_MS = 200
const RETRY_MS_MAX = 10_000

/** A place in a group that is taken again whenever it was lost, until it is left. */
export class KeptMembership {
  readonly #log: Log
  readonly #options: KeptMembershipOptions
  readonly #left = new AbortController()
  #member: GroupMember | null = null
  #epoch: GroupEpoch | null = null
  #joining: Promise<void> = Promise.resolve()

  private constructor(log: Log, options: KeptMembershipOptions) {
    this.#log = log
    this.#options = options
  }

  /** Takes the place. Rejects where that is not possible the first time, as `Log.joinGroup` does. */
  static async join(log: Log, options: KeptMembershipOptions): Promise<KeptMembership> {
    const membership = new KeptMembership(log, options)
    membership.#joining = membership.#enter()
    await membership.#joining
    return membership
  }

  /** The newest epoch; null while there is no membership. */
  epoch(): GroupEpoch | null {
    return this.#member?.epoch() ?? this.#epoch
  }

  /** Hands over what is ours and leaves for good. */
  async leave(): Promise<void> {
    this.#left.abort()
    await this.#joining.catch(() => undefined)
    await this.#member?.leave()
  }

  async #enter(): Promise<void> {
    let isOver = false
    const member = await this.#log.joinGroup({
      ...this.#options,
      onAssigned: async (assigned, epoch, userData) => {
        if (isOver) return
        this.#epoch = epoch
        await this.#options.onAssigned(assigned, epoch, userData)
      },
      onLost: async (lost) => {
        if (isOver) return
        isOver = true
        this.#member = null
        this.#epoch = null
        this.#options.onLost(lost)
        this.#joining = this.#enterAgain()
      },
    })
    // Race: it may be lost before it was known here.
    if (!isOver) this.#member = member
  }

  async #enterAgain(): Promise<void> {
    const { signal } = this.#left
    for (let waitMs = RETRY_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      try {
        await this.#enter()
        this.#options.onTrouble?.(null)
        return
      } catch (error) {
        this.#options.onTrouble?.(error)
      }
    }
  }
}
