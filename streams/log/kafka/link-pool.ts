import type { Connection } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { Cluster } from './cluster.ts'
import { Links } from './links.ts'

/** Connections for questions that wait: each has one for itself while it is on its way, and they are used again. */
export class LinkPool {
  private readonly cluster: Cluster
  private readonly idle = new Map<number, Links[]>()
  private readonly all = new Set<Links>()
  private closed = false

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /** @throws NoAnswer, what `step` throws, StreamsError LOG_CLOSED */
  async use<T>(nodeId: number, step: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.closed) throw new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.')
    const links = this.idle.get(nodeId)?.pop() ?? this.open()
    try {
      return await step(await links.to(this.cluster.addressOf(nodeId)))
    } finally {
      if (!this.closed) this.idle.set(nodeId, [...(this.idle.get(nodeId) ?? []), links])
    }
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all([...this.all].map((links) => links.close()))
  }

  private open(): Links {
    const links = new Links(this.cluster.options)
    this.all.add(links)
    return links
  }
}
