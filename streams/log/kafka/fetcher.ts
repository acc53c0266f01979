import { StreamsError } from '../../errors.ts'
import type { FetchedEntries } from '../entry-reader.ts'
import type { FetchedPartition, FetchRequest, Position, TopicPartition } from '../log.ts'
import { AnswerBuffers } from './answer-buffers.ts'
import { messageOf, NoAnswer, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import { BatchReader, recordsOf } from './batch-reader.ts'
import type { Cluster } from './cluster.ts'
import { askForRecords, type FetchAnswers } from './fetch-request.ts'
import { LinkPool } from './link-pool.ts'
import { BEGINNING, END, listOffsets } from './offsets.ts'
import { visibleBatches } from './visible-batches.ts'

/** Where one partition of a fetch stands. */
type Cursor = {
  readonly at: TopicPartition
  readonly asked: number
  offset: number
  end: number
  batches: readonly Buffer[]
  /** The batches are not needed any more. */
  release: () => void
  /** It has records, or has come past a gap: the caller has something to go on with. */
  hasMoved: boolean
}

/** A question on its way, and when somebody has last waited for its answer. */
type Asking = { readonly name: string; readonly answers: Promise<FetchAnswers>; atMs: number }

/** Whether what was read is kept, or its bytes are released and used again. */
type Use = 'keep' | 'release'

const NOTHING = () => undefined

/** A broker waits so long for a first record before we ask again: it bounds how long a fetch given up hangs on. */
const BROKER_WAIT_MS = 1_000
/** A broker that answers so much later than it was to is not waited for: the others have something perhaps. */
const LATE_MS = 2_000
/** An answer that nobody has taken after so long is given up: whoever asked has moved on. */
const KEPT_MS = 5_000

const STALE = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'REPLICA_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'OFFSET_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/**
 * Reads committed records from the leaders of their partitions. A fetch over several brokers ends when the first of
 * them brings something. What the others are still asked is not thrown away: the next fetch from the same place takes
 * it up.
 */
export class Fetcher {
  private readonly cluster: Cluster
  private readonly pool: LinkPool
  private readonly buffers = new AnswerBuffers()
  /** Questions on their way, by broker and positions. */
  private readonly asked = new Map<string, Asking>()
  private turn = 0
  private closed = false

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.pool = new LinkPool(cluster)
  }

  /** See `Log.fetch`. */
  async fetch(request: FetchRequest): Promise<readonly FetchedPartition[]> {
    return (await this.read(request, 'keep')).map(({ at, asked, offset, end, batches }) => {
      return { ...at, records: recordsOf(at, batches, asked), nextOffset: offset, endOffset: end }
    })
  }

  /** See `Log.fetchEntries`. */
  async fetchEntries(request: FetchRequest): Promise<readonly FetchedEntries[]> {
    return (await this.read(request, 'release')).map(({ at, asked, offset, end, batches, release }) => {
      return { ...at, entries: new BatchReader(at, batches, asked), nextOffset: offset, endOffset: end, release }
    })
  }

  private async read(request: FetchRequest, use: Use): Promise<readonly Cursor[]> {
    const cursors = request.positions.map(({ topic, partition, offset }): Cursor => {
      this.cluster.assertKnown({ topic, partition })
      return {
        at: { topic, partition },
        asked: offset,
        offset,
        end: offset,
        batches: [],
        release: NOTHING,
        hasMoved: false,
      }
    })
    if (cursors.length === 0) return []
    const deadlineMs = performance.now() + request.maxWaitMs
    let backoff: Backoff | undefined
    for (;;) {
      const leftMs = Math.max(0, deadlineMs - performance.now())
      const trouble = await this.round(cursors, request, use, Math.min(leftMs, BROKER_WAIT_MS))
      if (cursors.some(({ hasMoved }) => hasMoved)) break
      if (trouble === null) backoff = undefined
      else {
        backoff ??= new Backoff({ firstMs: 10, maxMs: 500, totalMs: this.cluster.options.patienceMs })
        if (!(await backoff.wait())) throw unanswered(trouble)
        await this.cluster.refresh().catch(() => undefined)
        // What could not be asked is no answer: also a fetch that does not wait goes on until it has one.
        if (request.signal?.aborted !== true && !this.closed) continue
      }
      if (performance.now() >= deadlineMs || request.signal?.aborted === true || this.closed) break
    }
    return cursors
  }

  async close(): Promise<void> {
    this.closed = true
    this.pool.close()
    await Promise.allSettled([...this.asked.values()].map(({ answers }) => answers))
  }

  /** One question to each leader; done when all have answered, or one brings something on, or the signal says so. */
  private async round(
    cursors: readonly Cursor[],
    request: FetchRequest,
    use: Use,
    waitMs: number,
  ): Promise<string | null> {
    let groups: Map<number, Cursor[]>
    try {
      groups = await this.byLeader(cursors)
    } catch (error) {
      if (error instanceof StreamsError && error.code !== 'LOG_UNREACHABLE') throw error
      return messageOf(error)
    }
    let trouble: string | null = null
    let isOver = false
    const silent = new Set(groups.keys())
    const askings = [...groups].map(async ([node, group]) => {
      const { name, answers } = this.ask(node, group, use, { maxBytes: request.maxBytes, waitMs })
      try {
        const found = await answers
        if (isOver) return false
        silent.delete(node)
        this.asked.delete(name)
        trouble = (await this.take(group, found, use)) ?? trouble
      } catch (error) {
        this.asked.delete(name)
        if (!(error instanceof NoAnswer)) throw error
        trouble = error.message
      }
      return group.some(({ hasMoved }) => hasMoved)
    })
    const isInTime = await firstTrue(askings, request.signal, waitMs + LATE_MS)
    isOver = true
    this.forgetStale()
    return isInTime ? trouble : `broker ${[...silent].join(', ')} is silent`
  }

  private forgetStale(): void {
    const oldest = performance.now() - KEPT_MS
    for (const { name, atMs } of this.asked.values()) if (atMs <= oldest) this.asked.delete(name)
  }

  private async byLeader(cursors: readonly Cursor[]): Promise<Map<number, Cursor[]>> {
    // Which partition is served first moves on, so that a full one does not keep the others from being read.
    const from = this.turn++ % cursors.length
    const turned = [...cursors.slice(from), ...cursors.slice(0, from)].map((cursor) => ({ ...cursor.at, cursor }))
    const groups = await this.cluster.byLeader(turned)
    return new Map([...groups].map(([node, group]) => [node, group.map(({ cursor }) => cursor)]))
  }

  /** The question on its way to a broker for these places, or a new one. */
  private ask(
    node: number,
    group: readonly Cursor[],
    use: Use,
    how: { readonly maxBytes: number; readonly waitMs: number },
  ): Asking {
    const positions = group.map(({ at, offset }) => ({ ...at, offset, leaderEpoch: this.cluster.epochOf(at) }))
    const name = nameOf(node, positions, use)
    const known = this.asked.get(name)
    if (known !== undefined) {
      known.atMs = performance.now()
      return known
    }
    const allocate = use === 'keep' ? Buffer.allocUnsafe : this.buffers.take
    const answers = this.pool.use(node, (link) => askForRecords(link, { positions, ...how }, allocate))
    // Where nobody waits any more, a failure is nobody's: the next fetch finds it.
    answers.catch(() => undefined)
    const asking = { name, answers, atMs: performance.now() }
    this.asked.set(name, asking)
    return asking
  }

  /** Puts the answers where they belong; answers with why something is missing. */
  private async take(group: readonly Cursor[], { bytes, answers }: FetchAnswers, use: Use): Promise<string | null> {
    let trouble: string | null = null
    let users = 0
    const release = () => {
      if (--users === 0) this.buffers.giveBack(bytes)
    }
    for (const answer of answers) {
      const cursor = group.find(({ at }) => at.topic === answer.topic && at.partition === answer.partition)
      // Race: while a question of an earlier fetch was on its way, this one may have moved on.
      if (cursor === undefined || cursor.hasMoved) continue
      if (answer.error === 'OFFSET_OUT_OF_RANGE') throw await outOfRange(this.cluster, cursor)
      if (STALE.has(answer.error)) trouble = `${answer.topic}/${answer.partition} ${answer.error}`
      else if (answer.error !== 'NONE') throw refused(`to read ${answer.topic}/${answer.partition}`, answer.error)
      else {
        const read = visibleBatches(cursor.at, answer.batches, cursor.offset, answer.aborted)
        cursor.end = Math.max(answer.lastStableOffset, read.nextOffset)
        cursor.hasMoved = read.nextOffset > cursor.offset
        cursor.offset = read.nextOffset
        cursor.batches = read.batches
        if (use === 'release') {
          users++
          cursor.release = release
        }
      }
    }
    return trouble
  }
}

/**
 * Resolves when one is true, or all are false, or the signal fires, and with false where none of this has come in time;
 * rejects with the first failure before that.
 */
function firstTrue(all: readonly Promise<boolean>[], signal: AbortSignal | undefined, msMax: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const end = (isInTime: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve(isInTime)
    }
    const done = () => end(true)
    const timer = setTimeout(() => end(false), msMax)
    if (signal?.aborted === true) return done()
    signal?.addEventListener('abort', done, { once: true })
    let left = all.length
    for (const one of all) {
      one.then((isTrue) => {
        left--
        if (isTrue || left === 0) done()
      }, reject)
    }
  })
}

function nameOf(node: number, positions: readonly Position[], use: Use): string {
  const names = positions.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`)
  return `${node}|${use}|${names.sort().join('|')}`
}

async function outOfRange(cluster: Cluster, { at, offset }: Cursor): Promise<StreamsError> {
  const [begin, end] = await Promise.all([listOffsets(cluster, [at], BEGINNING), listOffsets(cluster, [at], END)])
  const [first, last] = [begin[0]?.offset ?? 0, end[0]?.offset ?? 0]
  const why =
    offset < first
      ? `it begins at ${first}: what was before is no longer kept. Go on from ${first}, and find out what was missed`
      : `it ends at ${last}. The position belongs to another log, or the log has lost its end: reset the position`
  return new StreamsError(
    'LOG_OFFSET_OUT_OF_RANGE',
    `${at.topic}/${at.partition} cannot be read at offset ${offset}; ${why}.`,
  )
}

function unanswered(why: string): StreamsError {
  return new StreamsError(
    'LOG_UNREACHABLE',
    `The brokers do not give records, and have not for long: ${why}. Look after them.`,
  )
}
