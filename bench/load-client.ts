import { Agent, request } from 'node:http'

/** What came of a request: its status and headers. */
export type LoadAnswer = { readonly status: number; readonly decisionMs: number | null }

/** A request that is not answered by then counts as failed; the API itself waits 10 s for an outcome. */
const DEADLINE_MS = 15_000

/**
 * Posts over connections that stay open, and never more than so many: where the platform answers too slowly, requests
 * wait here for a free one, which counts as their own time, and no flood of new connections adds to its trouble.
 */
export class LoadClient {
  readonly #baseUrl: string
  readonly #agent: Agent

  constructor(baseUrl: string, connectionsMax: number) {
    this.#baseUrl = baseUrl
    this.#agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, scheduling: 'fifo' })
  }

  /** @throws Error where no answer came: connection trouble, or the deadline. */
  post(path: string, { token, key, body }: { token: string; key: string; body: unknown }): Promise<LoadAnswer> {
    const text = JSON.stringify(body)
    const headers = {
      ...{ authorization: `Bearer ${token}`, 'idempotency-key': key },
      ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    }
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', agent: this.#agent, headers, signal: AbortSignal.timeout(DEADLINE_MS) }
      const sent = request(this.#baseUrl + path, options, (response) => {
        const told = /decision;dur=([\d.]+)/.exec(String(response.headers['server-timing'] ?? ''))?.[1]
        const answer = { status: response.statusCode ?? 0, decisionMs: told === undefined ? null : Number(told) }
        response.resume()
        response.once('end', () => resolve(answer))
        response.once('error', reject)
      })
      sent.once('error', reject)
      sent.end(text)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
