import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, type FaultRule, FaultRules } from './fault-rules.ts'
import { frames, requestHeader, responseId } from './kafka-frames.ts'

/** A request that was passed on and has not been answered: what shall happen to the answer. */
type Awaited = Fault | null

/** One client's connection and ours to the broker, which live and die together. */
type Pair = {
  readonly client: Socket
  readonly broker: Socket
  clientId: string
  readonly awaited: Map<number, Awaited>
}

/**
 * A TCP proxy between Kafka clients and a broker, that makes the network fail at chosen requests. It reads no more than
 * lengths and headers. A broker must tell its clients the proxy's address: `KafkaBroker.start({ proxyPort })` does, and
 * `target` is then `broker.addresses.behindProxy`. Plain connections only.
 */
export class FaultProxy {
  readonly port: number
  readonly #server: Server
  readonly #rules: FaultRules
  readonly #pairs = new Set<Pair>()
  #target = ''
  #closed = false
  /** Until when (`performance.now()`) nothing passes for clients whose id contains the text. */
  readonly #holes: { readonly client: string; readonly untilMs: number }[] = []
  #clearedFaults = 0

  private constructor(server: Server, random: () => number) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    this.#rules = new FaultRules(random)
    server.on('connection', (client) => this.#connect(client))
  }

  /** Opens a proxy on a free port of 127.0.0.1. It passes nothing on until it has a target. */
  static async listen(random: () => number = Math.random): Promise<FaultProxy> {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return new FaultProxy(server, random)
  }

  /** @param address `host:port` that new connections are passed on to */
  target(address: string): void {
    this.#target = address
  }

  /** `host:port` for clients. */
  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  /** How many faults of rules have happened so far. */
  get faults(): number {
    return this.#clearedFaults + this.#rules.happened
  }

  addFault(rule: FaultRule): void {
    this.#rules.add(rule)
  }

  clearFaults(): void {
    this.#clearedFaults += this.#rules.happened
    this.#rules.clear()
  }

  /** Lets nothing pass for a time, in either direction; connections stay open. What was sent arrives afterwards. */
  blackHole(ms: number, client = ''): void {
    this.#holes.push({ client, untilMs: performance.now() + ms })
  }

  /** Cuts every connection of clients whose id contains this. */
  cut(client = ''): void {
    for (const pair of this.#pairs) if (pair.clientId.includes(client)) destroy(pair)
  }

  async close(): Promise<void> {
    this.#closed = true
    const closed = once(this.#server.close(), 'close')
    for (const pair of this.#pairs) destroy(pair)
    await closed
  }

  #connect(client: Socket): void {
    const [host = '', port] = this.#target.split(':')
    if (port === undefined || this.#closed) return void client.destroy()
    const pair: Pair = { client, broker: connect({ host, port: Number(port) }), clientId: '', awaited: new Map() }
    this.#pairs.add(pair)
    for (const socket of [pair.client, pair.broker]) {
      socket.setNoDelay(true)
      // A socket that fails is closed right after, and that ends both.
      socket.on('error', () => {})
      socket.once('close', () => {
        destroy(pair)
        this.#pairs.delete(pair)
      })
    }
    for (const direction of [this.#passRequests(pair), this.#passResponses(pair)]) direction.catch(() => destroy(pair))
  }

  async #passRequests(pair: Pair): Promise<void> {
    for await (const frame of frames(pair.client)) {
      const header = requestHeader(frame)
      pair.clientId = header.clientId
      const fault = this.#rules.faultOf(header)
      if (fault === 'drop-request') continue
      if (fault === 'cut-before') return destroy(pair)
      if (typeof fault === 'object' && fault !== null) {
        if ('delayRequestMs' in fault) await sleep(fault.delayRequestMs)
        if ('meanwhile' in fault) await fault.meanwhile()
      }
      pair.awaited.set(header.correlationId, fault)
      await this.#pass(frame, pair.broker, pair)
    }
    pair.broker.end()
  }

  async #passResponses(pair: Pair): Promise<void> {
    for await (const frame of frames(pair.broker)) {
      const fault = pair.awaited.get(responseId(frame)) ?? null
      pair.awaited.delete(responseId(frame))
      if (fault === 'cut-after') return destroy(pair)
      if (typeof fault === 'object' && fault !== null && 'delayResponseMs' in fault) await sleep(fault.delayResponseMs)
      await this.#pass(frame, pair.client, pair)
    }
    pair.client.end()
  }

  async #pass(frame: Buffer, to: Socket, pair: Pair): Promise<void> {
    await this.#whileInHole(pair)
    if (!to.write(frame) && !to.destroyed) await Promise.race([once(to, 'drain'), once(to, 'close')])
  }

  async #whileInHole({ clientId }: Pair): Promise<void> {
    for (;;) {
      const leftMs = Math.max(
        0,
        ...this.#holes
          .filter(({ client }) => clientId.includes(client))
          .map(({ untilMs }) => untilMs - performance.now()),
      )
      if (leftMs === 0) return
      await sleep(leftMs)
    }
  }
}

function destroy({ client, broker }: Pair): void {
  client.destroy()
  broker.destroy()
}
