import { signWebhook } from './signed-webhook.ts'

/** Where events go, and how they are signed. */
export type WebhookSenderOptions = {
  /** Where events are posted to. */
  readonly url: string
  readonly secret: string
  /** The header of the signature. */
  readonly header: string
  readonly nowMs?: () => number
  /** Pause before the second try; doubled before each further one. Milliseconds. */
  readonly pauseMs?: number
}

const TRIES = 8
const TIMEOUT_MS = 5_000
const AT_ONCE = 4
/** Beyond it the oldest event that waits is dropped: a sandbox does not fill the memory for a receiver that is away. */
const WAITING_MAX = 10_000

/** Posts the events of a sandbox, each until it is answered with 2xx or has been tried 8 times. */
export class WebhookSender {
  readonly #options: WebhookSenderOptions
  readonly #waiting: object[] = []
  readonly #closing = new AbortController()
  #sending = 0
  #dropped = 0
  #idle: (() => void)[] = []

  constructor(options: WebhookSenderOptions) {
    this.#options = options
  }

  /** Events that were given up on. */
  get dropped(): number {
    return this.#dropped
  }

  send(event: object): void {
    if (this.#waiting.push(event) > WAITING_MAX) {
      this.#waiting.shift()
      this.#dropped++
    }
    this.#next()
  }

  /** Gives up what waits. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#waiting.length = 0
    if (this.#sending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #next(): void {
    const event = this.#sending < AT_ONCE ? this.#waiting.shift() : undefined
    if (event === undefined) {
      if (this.#sending === 0) for (const resolve of this.#idle.splice(0)) resolve()
      return
    }
    this.#sending++
    this.#deliver(event)
      .catch(() => {
        this.#dropped++
      })
      .finally(() => {
        this.#sending--
        this.#next()
      })
  }

  async #deliver(event: object): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#post(event)
      } catch (error) {
        if (attempt === TRIES || this.#closing.signal.aborted) throw error
        await new Promise((resolve) => setTimeout(resolve, (this.#options.pauseMs ?? 500) * 2 ** (attempt - 1)))
      }
    }
  }

  async #post(event: object): Promise<void> {
    const { url, secret, header, nowMs = Date.now } = this.#options
    const body = Buffer.from(JSON.stringify(event))
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [header]: signWebhook(body, secret, Math.floor(nowMs() / 1000)),
      },
      body,
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`The webhook was answered with ${response.status}.`)
  }
}
