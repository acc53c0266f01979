import { StreamsError } from '../../errors.ts'
import type { Cluster } from './cluster.ts'
import { FetchLink } from './fetch-link.ts'
import type { BrokerAddress } from './links.ts'

/** Connections for questions that wait: each has one for itself while it is on its way, and they are used again. */
export class LinkPool {
  private readonly cluster: Cluster
  private readonly idle = new Map<string, FetchLink[]>()
  private readonly all = new Set<FetchLink>()
  private closed = false

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /** @throws NoAnswer, what `step` throws, StreamsError LOG_AUTHENTICATION_FAILED, LOG_CLOSED */
  async use<T>(nodeId: number, step: (link: FetchLink) => Promise<T>): Promise<T> {
    this.assertOpen()
    const address = this.cluster.addressOf(nodeId)
    const link = this.take(address) ?? (await this.open(address))
    try {
      return await step(link)
    } finally {
      this.giveBack(address, link)
    }
  }

  close(): void {
    this.closed = true
    for (const link of this.all) link.close()
  }

  private take(address: BrokerAddress): FetchLink | undefined {
    const idle = this.idle.get(nameOf(address)) ?? []
    for (let link = idle.pop(); link !== undefined; link = idle.pop()) {
      if (link.isUsable()) return link
      this.drop(link)
    }
    return undefined
  }

  private async open(address: BrokerAddress): Promise<FetchLink> {
    const link = await FetchLink.open(this.cluster.options, address)
    this.all.add(link)
    if (!this.closed) return link
    link.close()
    this.assertOpen()
    return link
  }

  private giveBack(address: BrokerAddress, link: FetchLink): void {
    if (this.closed || !link.isUsable()) {
      this.drop(link)
      return
    }
    const name = nameOf(address)
    this.idle.set(name, [...(this.idle.get(name) ?? []), link])
  }

  private drop(link: FetchLink): void {
    link.close()
    this.all.delete(link)
  }

  private assertOpen(): void {
    if (this.closed) throw new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.')
  }
}

function nameOf({ host, port }: BrokerAddress): string {
  return `${host}:${port}`
}
