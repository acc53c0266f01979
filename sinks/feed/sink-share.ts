import { KeptMembership, type Log, oneOwnerAssignor, type Position, type TopicPartition, taskAssignor } from '#streams'
import { Announcements } from './announcements.ts'

/** How several processes share what a sink copies. */
export type SinkGroup = {
  /** The name of this process among them, the same again after a restart. */
  readonly instanceId: string
  /**
   * `partitions`: each partition has its writer, for a target that tells a late write by its positions. `all`: one
   * process writes everything and the others stand by, for a target that cannot; each block is announced (see
   * `Announcements`).
   */
  readonly sharedBy: 'partitions' | 'all'
}

/** Which partitions are copied here. */
export type SinkShareOptions = {
  readonly log: Log
  /** Of the sink: its group is `sink.<name>`. */
  readonly name: string
  /** All partitions there are. */
  readonly all: () => readonly TopicPartition[]
  /** Null where nobody else writes to the target. */
  readonly group: SinkGroup | null
  /** Resolves when nothing is being written. */
  readonly finished: () => Promise<void>
}

/** The partitions that are ours to copy, which may change at any moment. Offsets stay in the target. */
export class SinkShare {
  readonly #options: SinkShareOptions
  #assigned: readonly TopicPartition[] = []
  #changed = new AbortController()
  #membership: KeptMembership | null = null
  readonly #announcements: Announcements | null
  #problem: string | null = null

  constructor(options: SinkShareOptions) {
    this.#options = options
    const { log, name, group } = options
    const epoch = () => this.#membership?.epoch() ?? null
    this.#announcements =
      group?.sharedBy === 'all'
        ? new Announcements({ log, group: groupOf(name), instanceId: group.instanceId, epoch })
        : null
  }

  /** Aborted as soon as the share is another one: nothing more may be written under it. */
  get signal(): AbortSignal {
    return this.#changed.signal
  }

  /** Why nothing is assigned; null where there is no such reason. */
  get problem(): string | null {
    return this.#problem
  }

  /** What is ours from now on; `signal` is a new one. */
  renew(): readonly TopicPartition[] {
    this.#changed = new AbortController()
    return this.#options.group === null ? this.#options.all() : this.#assigned
  }

  /** Says how far the next block goes, where the target needs that. @throws as `Announcements.say` */
  async announce(positions: readonly Position[]): Promise<void> {
    await this.#announcements?.say(positions)
  }

  /** How far a block goes that was announced and may not be written; none where all is known. */
  async inDoubt(positions: readonly Position[]): Promise<readonly Position[]> {
    return (await this.#announcements?.beyond(positions)) ?? []
  }

  async join(): Promise<void> {
    const { log, name, group, all } = this.#options
    if (group === null) return
    const topics = [...new Set(all().map(({ topic }) => topic))]
    this.#membership = await KeptMembership.join(log, {
      group: groupOf(name),
      instanceId: group.instanceId,
      topics,
      assignor:
        group.sharedBy === 'all'
          ? oneOwnerAssignor
          : taskAssignor(topics.map((topic) => ({ name: topic, topics: [topic] }))),
      onAssigned: async (assigned) => this.#take(assigned),
      onRevoked: async (revoked) => {
        const gone = new Set(revoked.map(nameOf))
        this.#take(this.#assigned.filter((one) => !gone.has(nameOf(one))))
        await this.#options.finished()
      },
      onLost: () => this.#take([]),
      onTrouble: (error) => {
        this.#problem = error === null ? null : String(error)
      },
    })
  }

  async leave(): Promise<void> {
    await this.#membership?.leave()
    await this.#announcements?.close()
  }

  #take(assigned: readonly TopicPartition[]): void {
    this.#assigned = assigned
    this.#changed.abort()
  }
}

function groupOf(sink: string): string {
  return `sink.${sink}`
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
