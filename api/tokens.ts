import { createHmac, timingSafeEqual } from 'node:crypto'
import { sha256 } from '#domain/ids.ts'
import { endpointSecret } from '#domain/webhook-signature.ts'

/** A secret given out, and the hash that is kept. */
export type IssuedToken = { readonly token: string; readonly hash: string }

/** The tokens of a session: one for requests, and one that new tokens are got with. */
export type SessionTokens = { readonly access: IssuedToken; readonly refresh: IssuedToken }

/** What a refresh token of ours says; whether it is spent is the state's to say. */
export type PresentedRefresh = { readonly consumerId: string; readonly sessionId: string; readonly hash: string }

const REFRESH_TOKEN = /^fr_(con_[0-9a-f]{32})\.(ses_[0-9a-f]{32})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})$/

/**
 * Makes session tokens and API keys from the command that asked for them, with a secret of the platform. So a repeat
 * of the request gets the same token again although only its hash is stored, and nobody without the secret makes one.
 */
export class TokenIssuer {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /** What signs the deliveries to an endpoint of a merchant; the connector derives the same. */
  webhookSecret(endpointId: string, version: number): string {
    return endpointSecret(this.#secret, endpointId, version)
  }

  /** The tokens that a session begins with, and its id. */
  session(consumerId: string, commandId: string): SessionTokens & { readonly id: string } {
    const id = `ses_${sha256(this.#mac(`session\n${consumerId}\n${commandId}`)).slice(0, 32)}`
    return { id, ...this.next(consumerId, id, commandId) }
  }

  /** The next tokens of a session. They name the consumer, so that the owner of its state can be asked directly. */
  next(consumerId: string, sessionId: string, commandId: string): SessionTokens {
    const access = issued(`fs_${consumerId}`, this.#mac(`fs_${consumerId}\n${commandId}`))
    const head = `fr_${consumerId}.${sessionId}.${sha256(commandId).slice(0, 32)}`
    return { access, refresh: issued(head, this.#mac(head)) }
  }

  /**
   * Reads a refresh token; null where it is none of ours. It is recognised without being stored: so a spent one is told
   * from a made-up one however long ago it was spent, and nobody ends the session of another with a made-up one.
   */
  readRefresh(token: string): PresentedRefresh | null {
    const [, consumerId, sessionId, nonce, mac] = REFRESH_TOKEN.exec(token) ?? []
    if (consumerId === undefined || sessionId === undefined || mac === undefined) return null
    const expected = this.#mac(`fr_${consumerId}.${sessionId}.${nonce}`)
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(mac))) return null
    return { consumerId, sessionId, hash: sha256(token) }
  }

  /** An API key of a merchant, and its id. */
  apiKey(merchantId: string, commandId: string): IssuedToken & { readonly id: string } {
    const key = issued(`fm_${merchantId}`, this.#mac(`fm_${merchantId}\n${commandId}`))
    return { ...key, id: `key_${key.hash.slice(0, 32)}` }
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url')
  }
}

function issued(head: string, secret: string): IssuedToken {
  const token = `${head}.${secret}`
  return { token, hash: sha256(token) }
}
