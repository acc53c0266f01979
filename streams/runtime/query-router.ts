import { isStreamsError, StreamsError } from '../errors.ts'
import type { QueryServer } from '../remote/query-server.ts'
import type { Topology } from '../topology/topology.ts'
import { type LocalReads, notHere, storeHandle } from './local-reads.ts'
import type { TaskDirectory } from './task-directory.ts'
import { decodeReading, decodeTaskRead, encodeReading, type TaskRead, type TaskReading } from './task-read.ts'

/** How the other instances are reached. */
export type Peers = {
  readonly server: QueryServer
  /** The application as all instances call it. */
  readonly app: string
  /** Where the others reach this one. */
  readonly ownAddress: string
}

/** Where reads go. */
export type QueryRouterOptions = {
  readonly topology: Topology
  readonly local: LocalReads
  readonly directory: TaskDirectory
  /** Null where this instance neither asks nor answers others. */
  readonly peers: Peers | null
}

const PAUSE_MS_FIRST = 20
const PAUSE_MS_MAX = 500
/** A peer may not have us wait longer than this, whatever it asks for. */
const ANSWER_MS_MAX = 300_000
/** What another try, perhaps elsewhere, may mend: the task moves, or its owner has gone and a new one is coming. */
const PASSING = new Set(['QUERY_NOT_HERE', 'QUERY_OWNER_UNKNOWN', 'QUERY_OWNER_UNREACHABLE'])

/** Sends each read to whoever has the task: this instance, or another one over the network. */
export class QueryRouter {
  private readonly options: QueryRouterOptions

  constructor(options: QueryRouterOptions) {
    this.options = options
  }

  /**
   * Reads a task where it is. While it moves, or its owner is gone, the read waits for the new owner in its time.
   * @throws StreamsError QUERY_NOT_HERE (where no others are asked), QUERY_OWNER_UNKNOWN, QUERY_OWNER_UNREACHABLE,
   *   QUERY_TIMEOUT, QUERY_FORBIDDEN, QUERY_ANSWER_INVALID
   */
  async read(read: TaskRead, deadlineMs: number): Promise<TaskReading> {
    const { local, directory, peers } = this.options
    for (let attempt = 0; ; attempt++) {
      try {
        if (peers === null) return await local.read(read, deadlineMs)
        return await (read.isStale
          ? this.readAnywhere(read, peers, deadlineMs)
          : this.readOwner(read, peers, deadlineMs))
      } catch (error) {
        const leftMs = deadlineMs - performance.now()
        if (peers === null || leftMs <= 0 || !isStreamsError(error) || !PASSING.has(error.code)) throw error
        await directory.change(Math.min(PAUSE_MS_FIRST * 2 ** attempt, PAUSE_MS_MAX, leftMs))
      }
    }
  }

  /** Answers a question of another instance, from what is here and from nowhere else: a question makes one hop. */
  async answer(question: unknown): Promise<unknown> {
    const { topology, local } = this.options
    const read = decodeTaskRead(question)
    const reading = await local.read(read, performance.now() + Math.min(read.timeoutMs, ANSWER_MS_MAX))
    return encodeReading(reading, read.what === null ? NOTHING : storeHandle(topology, read.what.store).value)
  }

  private async readOwner(read: TaskRead, peers: Peers, deadlineMs: number): Promise<TaskReading> {
    const { local, directory } = this.options
    if (local.isOwner(read.taskId)) return await local.read(read, deadlineMs)
    const owner = directory.ownerOf(read.taskId)
    if (owner === undefined) throw ownerUnknown(read.taskId)
    // It was ours a moment ago: who has it next is not known yet.
    if (owner === peers.ownAddress) throw notHere(read.taskId)
    return await this.ask(owner, read, peers, deadlineMs)
  }

  /**
   * What is here costs nothing; then a standby, so that owners keep their time for what only they can do; then the
   * owner; and last what is being restored here. Each gets its share of the time that is left.
   */
  private async readAnywhere(read: TaskRead, peers: Peers, deadlineMs: number): Promise<TaskReading> {
    const { local, directory } = this.options
    if (local.hasCopy(read.taskId)) return await local.read(read, deadlineMs)
    const owner = directory.ownerOf(read.taskId)
    const all = [...directory.standbysOf(read.taskId), ...(owner === undefined ? [] : [owner])]
    const others = all.filter((address) => address !== peers.ownAddress)
    let failure: unknown = ownerUnknown(read.taskId)
    for (const [index, address] of others.entries()) {
      const now = performance.now()
      try {
        return await this.ask(address, read, peers, now + (deadlineMs - now) / (others.length - index))
      } catch (error) {
        failure = error
      }
    }
    if (local.isOwner(read.taskId)) return await local.read(read, deadlineMs)
    throw failure
  }

  private async ask(address: string, read: TaskRead, peers: Peers, deadlineMs: number): Promise<TaskReading> {
    const { topology, directory } = this.options
    const timeoutMs = deadlineMs - performance.now()
    // An owner that hangs is not waited for once the group knows of another one.
    const left = new AbortController()
    const isThere = () =>
      directory.ownerOf(read.taskId) === address || directory.standbysOf(read.taskId).includes(address)
    const unsubscribe = directory.subscribe(() => {
      if (!isThere()) left.abort()
    })
    try {
      const question = { ...read, timeoutMs }
      const answer = await peers.server.ask(address, peers.app, question, { timeoutMs, signal: left.signal })
      return await decodeReading(answer, read.what === null ? NOTHING : storeHandle(topology, read.what.store).value)
    } finally {
      unsubscribe()
    }
  }
}

/** Of a read that reads nothing. */
const NOTHING = { serialize: () => Buffer.alloc(0), deserialize: () => undefined }

function ownerUnknown(taskId: string): StreamsError {
  return new StreamsError(
    'QUERY_OWNER_UNKNOWN',
    `It is not known who has task ${taskId}: the group is assigning it, or its owner advertises no address. Give ` +
      'every instance a query server, and try again after the rebalance.',
  )
}
