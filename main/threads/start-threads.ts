import { MessageChannel, Worker } from 'node:worker_threads'
import { CallPort, type ShareableLog, shareLog } from '#streams'
import type { Closers } from '../closers.ts'
import type { Foundation } from '../foundation.ts'
import type { Hurry } from '../hurry.ts'
import { StartError } from '../start-error.ts'
import type { ThreadShares } from './shares.ts'
import type { ThreadCalls, ThreadNews, ThreadOrder } from './thread-calls.ts'

/**
 * Starts a thread for each list of topologies that is not to run on the main one, and makes it known as a neighbour. A
 * thread that ends by itself ends the platform: `onFailure` is told. Answers with how to hurry them.
 * @throws StreamsError what its topologies fail to start with
 */
export async function startThreads(
  { storage, cluster }: Pick<Foundation, 'storage' | 'cluster'>,
  { beside, settings }: ThreadShares,
  closers: Closers,
  onFailure: (error: unknown) => void,
): Promise<readonly Hurry[]> {
  const { shareable, instanceId } = storage
  if (shareable === null) return []
  const starting = beside.map(async (topologies, index) => {
    const stateFolder = `state-${index + 1}`
    const thread = new TopologiesThread(shareable, { settings, instanceId, stateFolder, topologies }, onFailure)
    closers.add(`the topologies of thread ${index + 1}`, () => thread.stop())
    await thread.start()
    cluster.peers.meet({
      instance: {
        ...{ id: `${instanceId}/${index + 1}`, part: 'all', address: 'a thread of this process', topologies },
        ...{ hasConnectors: false, sandboxes: null },
      },
      ask: (question) => thread.ask(question),
    })
    const hurry: Hurry = (groups) => thread.hurry(groups)
    return hurry
  })
  return await Promise.all(starting)
}

/** One thread, from here. */
class TopologiesThread {
  readonly #worker: Worker
  readonly #calls: CallPort<ThreadCalls, ThreadNews>
  readonly #shared: ReturnType<typeof shareLog>
  #isStopping = false

  constructor(log: ShareableLog, order: Omit<ThreadOrder, 'log' | 'calls'>, onFailure: (error: unknown) => void) {
    const [logChannel, callChannel] = [new MessageChannel(), new MessageChannel()]
    this.#shared = shareLog(log, logChannel.port1)
    this.#calls = new CallPort<ThreadCalls, ThreadNews>(callChannel.port1, {
      failed: async ({ code, message }) => {
        onFailure(code === null ? new Error(message) : new StartError(code, message))
        return null
      },
    })
    const ports = { log: logChannel.port2, calls: callChannel.port2 }
    this.#worker = new Worker(new URL('./topologies-worker.ts', import.meta.url), {
      workerData: { ...order, ...ports } satisfies ThreadOrder,
      transferList: [ports.log, ports.calls],
    })
    this.#worker.on('error', onFailure)
    this.#worker.on('exit', () => {
      if (!this.#isStopping) onFailure(new Error(`The thread of ${order.topologies.join(', ')} has ended.`))
    })
  }

  async start(): Promise<void> {
    await this.#calls.call('start', null)
  }

  ask(question: ThreadCalls['ask'][0]): Promise<unknown> {
    return this.#calls.call('ask', question)
  }

  /** Until what it returns is called. */
  hurry(groups: readonly string[]): () => void {
    const isOver = new AbortController()
    // A thread that has ended has no rests either.
    this.#calls.call('hurry', groups, isOver.signal).catch(() => undefined)
    return () => isOver.abort()
  }

  /** Lets what is under way come to its end, and ends the thread. */
  async stop(): Promise<void> {
    this.#isStopping = true
    try {
      await this.#calls.call('stop', null)
    } finally {
      this.#calls.close()
      await this.#worker.terminate()
      await this.#shared.close()
    }
  }
}
