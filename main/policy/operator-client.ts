import { StartError } from '../start-error.ts'

/** What the platform answered: a JSON body with its HTTP status. */
export type OperatorAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** Sends commands of the operator to a running platform. */
export class OperatorClient {
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  /** The same key and body have one effect. @throws StartError PLATFORM_UNREACHABLE */
  async post(path: string, body: unknown, idempotencyKey: string): Promise<OperatorAnswer> {
    const headers = {
      ...{ authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      'idempotency-key': idempotencyKey,
    }
    try {
      const answer = await fetch(this.#url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> }
    } catch (cause) {
      const detail = `The platform does not answer at ${this.#url}. Start it (npm start), or name another --url.`
      throw new StartError('PLATFORM_UNREACHABLE', detail, { cause })
    }
  }
}
