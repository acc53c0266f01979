import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Reader, type ResponseParser, Writer } from '@platformatic/kafka'
import { NoAnswer } from './answers.ts'
import type { BrokerAddress } from './links.ts'
import type { ResolvedKafkaOptions } from './options.ts'
import { signIn } from './sign-in.ts'

/** A request as the client's functions make it. */
export type Question = {
  readonly apiKey: number
  readonly apiVersion: number
  readonly payload: Writer
  /** Whether the headers of request and answer end in tagged fields; by version. */
  readonly isTagged: readonly [request: boolean, answer: boolean]
}

/** Gives bytes for an answer of that size. */
export type Allocate = (size: number) => Buffer

type Asked = {
  readonly id: number
  readonly allocate: Allocate
  readonly answered: (bytes: Buffer) => void
  readonly failed: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

const SIZE_BYTES = 4
const ID_BYTES = 4
/** More than any answer has. The first bytes of something else than Kafka, such as TLS, read as a size beyond it. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024

/**
 * A connection to a broker on which one question at a time is asked, and the socket reads into the very bytes of the
 * answer. The client's own connections gather an answer from what the socket read and copy it: megabytes of new memory
 * for each, which the garbage collector counts, and marks the whole heap for.
 */
export class FetchLink {
  private readonly options: ResolvedKafkaOptions
  private readonly socket: Socket
  private readonly size = Buffer.allocUnsafe(SIZE_BYTES)
  /** What is being read, and how far it has come. */
  private bytes: Buffer = this.size
  private filled = 0
  private lastId = 0
  private asked: Asked | undefined
  private isOpen = false
  /** When it has to sign in again; it is given up before. */
  private expiresAtMs = Infinity

  private constructor(options: ResolvedKafkaOptions, { host, port }: BrokerAddress) {
    this.options = options
    const { tls } = options
    const onread: OnReadOpts = {
      buffer: () => this.bytes.subarray(this.filled),
      callback: (count) => {
        this.read(count)
        return true
      },
    }
    // Node knows `onread` for TLS too; its types do not.
    const wanted = { host, port, onread }
    this.socket =
      tls === undefined ? connectPlain(wanted) : connectTls({ servername: host, ...tls, ...wanted } as object)
    this.socket.setNoDelay(true)
    // An error is followed by `close`; nobody else has to hear of it.
    this.socket.on('error', (error) => this.fail(error))
    this.socket.on('close', () => this.fail(new Error('the connection was closed')))
  }

  /** @throws NoAnswer where the broker cannot be reached; StreamsError LOG_AUTHENTICATION_FAILED */
  static async open(options: ResolvedKafkaOptions, address: BrokerAddress): Promise<FetchLink> {
    const link = new FetchLink(options, address)
    try {
      await link.connected()
      if (options.sasl !== undefined) link.expiresAtMs = await signIn(link, options.sasl, address)
      return link
    } catch (error) {
      link.close()
      throw error
    }
  }

  /** Whether another question can be asked. */
  isUsable(): boolean {
    return this.isOpen && performance.now() < this.expiresAtMs
  }

  /**
   * Asks, and gives the answer from behind its header on.
   * @throws NoAnswer
   */
  async ask(question: Question, allocate: Allocate = Buffer.allocUnsafe): Promise<Reader> {
    if (!this.isOpen) throw new NoAnswer(new Error('the connection was closed'))
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    this.lastId = (this.lastId + 1) & 0x7fffffff
    const late = () => this.fail(new Error(`it has not come within ${this.options.requestTimeoutMs} ms`))
    const timer = setTimeout(late, this.options.requestTimeoutMs)
    this.asked = { id: this.lastId, allocate, answered: resolve, failed: reject, timer }
    this.socket.write(this.encoded(question))
    const reader = Reader.from(await promise)
    reader.skip(ID_BYTES)
    if (question.isTagged[1]) reader.readTaggedFields()
    return reader
  }

  /** Asks as the client's connections do, for those of its functions that want one. */
  send<T>(
    apiKey: number,
    apiVersion: number,
    payload: () => Writer,
    parse: ResponseParser<T>,
    isRequestTagged: boolean,
    isAnswerTagged: boolean,
    done: (error: Error | null, answer?: T) => void,
  ): void {
    const question: Question = { apiKey, apiVersion, payload: payload(), isTagged: [isRequestTagged, isAnswerTagged] }
    const parsed = this.ask(question).then((reader) => parse(this.lastId, apiKey, apiVersion, reader))
    void parsed.then((answer) => done(null, answer), done)
  }

  /** Whoever waits for an answer gets none. */
  close(): void {
    this.fail(new Error('the connection was closed'))
  }

  private encoded({ apiKey, apiVersion, payload, isTagged }: Question): Buffer {
    const writer = Writer.create().appendInt16(apiKey).appendInt16(apiVersion).appendInt32(this.lastId)
    writer.appendString(this.options.clientId, false)
    if (isTagged[0]) writer.appendTaggedFields()
    return writer.appendFrom(payload).prependLength().buffer
  }

  private async connected(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const { connectTimeoutMs, tls } = this.options
    const timer = setTimeout(() => reject(new Error(`no connection within ${connectTimeoutMs} ms`)), connectTimeoutMs)
    this.socket.once(tls === undefined ? 'connect' : 'secureConnect', resolve)
    this.socket.once('error', reject)
    this.socket.once('close', () => reject(new Error('the connection was closed')))
    try {
      await promise
      this.isOpen = true
    } catch (error) {
      throw new NoAnswer(error)
    } finally {
      clearTimeout(timer)
    }
  }

  /** So many bytes more are there. Must not throw: it is called from the socket's loop. */
  private read(count: number): void {
    this.filled += count
    if (this.filled < this.bytes.length) return
    try {
      if (this.bytes === this.size) this.beginAnswer()
      else this.endAnswer()
      this.filled = 0
    } catch (error) {
      this.fail(error)
    }
  }

  private beginAnswer(): void {
    const size = this.size.readInt32BE(0)
    if (this.asked === undefined || size < ID_BYTES || size > ANSWER_BYTES_MAX)
      throw new Error('what came is no answer of Kafka')
    this.bytes = this.asked.allocate(size)
  }

  private endAnswer(): void {
    const { bytes, asked } = this
    this.bytes = this.size
    if (asked?.id !== bytes.readInt32BE(0)) throw new Error('what came is the answer to another question')
    this.asked = undefined
    clearTimeout(asked.timer)
    asked.answered(bytes)
  }

  private fail(error: unknown): void {
    this.isOpen = false
    this.socket.destroy()
    const { asked } = this
    this.asked = undefined
    if (asked === undefined) return
    clearTimeout(asked.timer)
    asked.failed(new NoAnswer(error))
  }
}
