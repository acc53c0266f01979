/**
 * One membership of a connector's group: reads requests, lets the connector deal with them side by side, and commits
 * results together with the positions they cover. Ends when it is stopped, or by an error after which a new session
 * goes on from the committed positions.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type FetchedPartition,
  type GroupEpoch,
  type GroupMember,
  isStreamsError,
  type Rest,
  restMs,
  StreamsError,
  type TopicPartition,
  type TransactionalProducer,
  taskAssignor,
  Wakeup,
} from '#streams'
import { PartitionQueue } from './partition-queue.ts'
import { RequestRunner, type RunnerParts } from './request-runner.ts'

/** What a session works with. */
export type SessionParts<Request, Result> = RunnerParts<Request, Result> & {
  /** Tells instances of the platform apart: a producer fences the one before it of the same instance only. */
  readonly instance: string
  /** Requests of a partition taken at the same time. */
  readonly openMax: number
  /** A request that takes longer lets those of other keys pass. */
  readonly slowMs: number
  /** Pauses between fetches, and between transactions. */
  readonly rest: Rest
  /** Told what keeps the session from its work, and null once it works. */
  readonly onTrouble: (trouble: string | null) => void
}

const FETCH_BYTES = 262_144
const FETCH_WAIT_MS = 5_000
/** How often slow requests are looked for; also how long the next try of a commit waits. */
const TICK_MS = 250
/** A full queue is read on when so much of it is free: not for each request that ends. */
const ROOM_SHARE = 1 / 8
/** Positions that cover no result (requests of other connectors) wait for company: a transaction is dear for them. */
const QUIET = { restMs: 5, restPerCommit: 10, restMsMax: 250 }

/** One membership of the group of a connector, from joining to leaving it. */
export class ConnectorSession<Request, Result> {
  readonly #parts: SessionParts<Request, Result>
  readonly #runner: RequestRunner<Request, Result>
  readonly #queues = new Map<string, PartitionQueue>()
  readonly #stop = new AbortController()
  readonly #readable = new Wakeup()
  readonly #due = new Wakeup()
  #fetchWait = new AbortController()
  #epoch: GroupEpoch | null = null
  #member: GroupMember | null = null
  #producer: TransactionalProducer | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #quietTimer: NodeJS.Timeout | undefined
  #isOver = false
  #lastCommitMs = 0

  constructor(parts: SessionParts<Request, Result>) {
    this.#parts = parts
    this.#runner = new RequestRunner(parts, () => this.#due.wake())
  }

  /** Resolves after `stop`; rejects where a new session must take over. */
  async run(): Promise<void> {
    const { log, app, instance, connector, onTrouble } = this.#parts
    const timer = setInterval(() => this.#tick(), TICK_MS)
    try {
      this.#producer = await log.producer(`${app}.${instance}`)
      this.#member = await log.joinGroup({
        group: this.#parts.app,
        topics: [connector.requests.name],
        assignor: taskAssignor([{ name: 'requests', topics: [connector.requests.name] }]),
        onAssigned: (assigned, epoch) => this.#assigned(assigned, epoch),
        onRevoked: (revoked) => this.#revoked(revoked),
        onLost: () => {
          this.#end(new StreamsError('LOG_FENCED', `${app} has lost its membership.`))
          return Promise.resolve()
        },
      })
      onTrouble(null)
      await Promise.all([this.#loop(() => this.#fetch()), this.#loop(() => this.#commitWhenDue())])
      if (this.#stop.signal.reason instanceof Error) throw this.#stop.signal.reason
    } finally {
      clearInterval(timer)
      clearTimeout(this.#quietTimer)
      await this.#release()
    }
  }

  /** Commits what is finished and leaves; `run` resolves after it. */
  stop(): void {
    this.#end('stopped')
  }

  get queues(): readonly PartitionQueue[] {
    return [...this.#queues.values()]
  }

  #end(reason: unknown): void {
    this.#stop.abort(reason)
    this.#readable.wake()
    this.#due.wake()
  }

  async #loop(step: () => Promise<void>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await step()
      } catch (error) {
        this.#end(error)
      }
    }
  }

  async #release(): Promise<void> {
    // Leaving asks for a hand-over, in which what is finished is still committed.
    await this.#member?.leave().catch(() => undefined)
    for (const queue of this.#queues.values()) this.#drop(queue)
    await this.#producer?.close()
  }

  async #assigned(assigned: readonly TopicPartition[], epoch: GroupEpoch): Promise<void> {
    const { log } = this.#parts
    this.#epoch = epoch
    const fresh = assigned.filter((partition) => !this.#queues.has(nameOf(partition)))
    const [begin, end, committed] = await Promise.all([
      log.beginningOffsets(fresh),
      log.endOffsets(fresh),
      log.committed(this.#parts.app, fresh),
    ])
    for (const partition of fresh) {
      const at = (positions: typeof begin) =>
        positions.find((position) => nameOf(position) === nameOf(partition))?.offset ?? 0
      const offset = Math.max(at(begin), at(committed))
      this.#queues.set(nameOf(partition), new PartitionQueue(partition, offset, at(end)))
    }
    this.#readAgain()
  }

  async #revoked(revoked: readonly TopicPartition[]): Promise<void> {
    await this.#commit()
    for (const partition of revoked) {
      const queue = this.#queues.get(nameOf(partition))
      if (queue) this.#drop(queue)
    }
    this.#readAgain()
  }

  #drop(queue: PartitionQueue): void {
    queue.abort.abort(
      new StreamsError('CONNECTOR_STOPPED', 'The request goes on with the next owner of its partition.'),
    )
    this.#queues.delete(nameOf(queue.partition))
  }

  /** Ends a wait for records: there are other partitions to wait for now. */
  #readAgain(): void {
    this.#readable.wake()
    this.#fetchWait.abort()
  }

  async #fetch(): Promise<void> {
    for (const queue of this.queues) queue.isHeldBack = queue.length >= this.#parts.openMax
    const open = this.queues.filter((queue) => !queue.isHeldBack)
    if (open.length === 0) return this.#readable.sleep()
    this.#fetchWait = new AbortController()
    const fetched = await this.#parts.log.fetch({
      positions: open.map((queue) => ({ ...queue.partition, offset: queue.nextOffset })),
      maxBytes: FETCH_BYTES,
      maxWaitMs: FETCH_WAIT_MS,
      signal: AbortSignal.any([this.#stop.signal, this.#fetchWait.signal]),
    })
    for (const partition of fetched) await this.#take(partition)
    const isBehind = fetched.some(({ nextOffset, endOffset }) => nextOffset < endOffset)
    if (!isBehind && fetched.some(({ records }) => records.length > 0)) await this.#rest()
  }

  async #take(fetched: FetchedPartition): Promise<void> {
    const queue = this.#queues.get(nameOf(fetched))
    if (!queue) return
    queue.endOffset = fetched.endOffset
    for (const record of fetched.records) {
      if (record.offset < queue.nextOffset) continue
      // The rest is fetched again when there is room for it.
      if (queue.length >= this.#parts.openMax) return
      await this.#runner.take(queue, record)
      if (queue.abort.signal.aborted) return
      queue.nextOffset = record.offset + 1
    }
    queue.nextOffset = Math.max(queue.nextOffset, fetched.nextOffset)
    if (queue.length === 0) this.#commitSoon()
  }

  #commitSoon(): void {
    this.#quietTimer ??= setTimeout(
      () => {
        this.#quietTimer = undefined
        this.#due.wake()
      },
      restMs(QUIET, this.#lastCommitMs),
    )
  }

  async #commitWhenDue(): Promise<void> {
    await this.#due.sleep()
    if (this.#stop.signal.aborted) return
    await this.#commit()
    await this.#rest()
  }

  async #rest(): Promise<void> {
    const ms = restMs(this.#parts.rest, this.#lastCommitMs)
    if (ms > 0) await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }

  /** One commit at a time. */
  #commit(): Promise<void> {
    const done = this.#turn.then(() => this.#commitNow())
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #commitNow(): Promise<void> {
    const { nowMs, slowMs } = this.#parts
    const epoch = this.#member?.epoch() ?? this.#epoch
    if (!epoch || !this.#producer || this.#isOver) return
    const departures = this.queues.map((queue) => ({ queue, departure: queue.depart(nowMs() - slowMs) }))
    const records = departures.flatMap(({ departure }) => departure.records)
    const moved = departures.filter(({ queue, departure }) => departure.offset > queue.committedOffset)
    if (records.length === 0 && moved.length === 0) return
    const positions = moved.map(({ queue, departure }) => ({ ...queue.partition, offset: departure.offset }))
    try {
      const startedMs = performance.now()
      await this.#producer.commit({ records, consumed: { epoch, positions } })
      this.#lastCommitMs = performance.now() - startedMs
    } catch (error) {
      if (!this.#canTryAgain(error, epoch)) {
        // Perhaps it was committed: only the next session, which reads the committed positions, can go on from here.
        this.#isOver = true
        throw error
      }
      // The next tick comes with the same and what has been finished by then.
      this.#parts.onTrouble((error as Error).message)
      return
    }
    this.#parts.onTrouble(null)
    for (const { departure } of departures) departure.committed()
    this.#readAgainWhereRoom(this.#parts.openMax * ROOM_SHARE)
  }

  /** Queues that were full are read on when there is so much room in one of them. */
  #readAgainWhereRoom(room: number): void {
    const { openMax } = this.#parts
    if (this.queues.some((queue) => queue.isHeldBack && openMax - queue.length >= room)) this.#readAgain()
  }

  #tick(): void {
    this.#due.wake()
    // A queue that is nearly full of requests that take days must not keep the few others out.
    this.#readAgainWhereRoom(1)
  }

  /** Certainly not committed, and still ours to commit. */
  #canTryAgain(error: unknown, epoch: GroupEpoch): boolean {
    if (isStreamsError(error, 'LOG_ABORTED') || isStreamsError(error, 'LOG_STORAGE_FULL')) return true
    // The group has moved on around us while the transaction was on its way; what is still ours goes on under its
    // new epoch.
    return isStreamsError(error, 'LOG_FENCED') && (this.#member?.epoch().generation ?? 0) > epoch.generation
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}
