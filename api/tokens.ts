import { createHmac } from 'node:crypto'
import { sha256 } from '#domain/ids.ts'

/** A secret given out, the hash that is kept, and the id both are known by. */
export type IssuedToken = { readonly token: string; readonly hash: string; readonly id: string }

/**
 * Makes session tokens and API keys from the command that asked for them, with a secret of the platform. So a repeat
 * of the request gets the same token again although only its hash is stored, and nobody without the secret makes one.
 */
export class TokenIssuer {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /** A session token: it names the consumer, so that the owner of its state can be asked directly. */
  session(consumerId: string, commandId: string): IssuedToken {
    return this.#issue('ses', `fs_${consumerId}`, commandId)
  }

  /** An API key of a merchant. */
  apiKey(merchantId: string, commandId: string): IssuedToken {
    return this.#issue('key', `fm_${merchantId}`, commandId)
  }

  #issue(idPrefix: string, owner: string, commandId: string): IssuedToken {
    const secret = createHmac('sha256', this.#secret).update(`${owner}\n${commandId}`).digest('base64url')
    const token = `${owner}.${secret}`
    const hash = sha256(token)
    return { token, hash, id: `${idPrefix}_${hash.slice(0, 32)}` }
  }
}
