import { timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { sha256 } from '#domain/ids.ts'
import type { ConsumerState, MerchantState } from '#schemas'
import type { ApiEnv } from './env.ts'
import type { BusinessTime, StateQueries } from './ports.ts'
import { Problem } from './problems.ts'

/** Who calls. */
export type Principal =
  | { readonly kind: 'consumer'; readonly id: string; readonly sessionId: string }
  | { readonly kind: 'merchant'; readonly id: string }
  | { readonly kind: 'operator'; readonly id: 'operator' }

/** The kinds of callers. */
export type PrincipalKind = Principal['kind']

/** What the API needs to know who calls. */
export type AuthParts = {
  readonly queries: StateQueries
  readonly time: BusinessTime
  /** The operator's token: onboards merchants, moves the sandbox clock, sees the operations page. */
  readonly operatorToken: string
}

const CONSUMER_TOKEN = /^fs_(con_[0-9a-f]{32})\.([A-Za-z0-9_-]{20,})$/
const MERCHANT_TOKEN = /^fm_(mer_[0-9a-f]{32})\.([A-Za-z0-9_-]{20,})$/

/**
 * Lets only these kinds of callers through, by their bearer token, and puts the principal into the context. Tokens are
 * never stored: only their SHA-256, in the state of the topology that owns the consumer or the merchant.
 */
export function authenticate(parts: AuthParts, ...kinds: readonly PrincipalKind[]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const principal = await principalOf(parts, bearerOf(c))
    if (!kinds.includes(principal.kind)) {
      throw new Problem(403, 'NOT_ALLOWED', `This is for ${kinds.join(' or ')} tokens; yours is a ${principal.kind}'s.`)
    }
    c.set('principal', principal)
    await next()
  }
}

function bearerOf(c: Context): string {
  const header = c.req.header('authorization') ?? ''
  const match = /^Bearer +(\S+)$/i.exec(header)
  if (match?.[1] === undefined) throw unauthorised('Send the header `Authorization: Bearer <token>`.', 'Bearer')
  return match[1]
}

async function principalOf(parts: AuthParts, token: string): Promise<Principal> {
  if (sameSecret(token, parts.operatorToken)) return { kind: 'operator', id: 'operator' }
  const consumer = CONSUMER_TOKEN.exec(token)
  if (consumer?.[1] !== undefined) return consumerOf(parts, consumer[1], sha256(token))
  const merchant = MERCHANT_TOKEN.exec(token)
  if (merchant?.[1] !== undefined) return merchantOf(parts, merchant[1], sha256(token))
  throw unauthorised('The token is not one of ours.')
}

async function consumerOf(parts: AuthParts, consumerId: string, tokenHash: string): Promise<Principal> {
  const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', consumerId, {
    partitionKey: consumerId,
  })
  const session = state?.sessions.find((one) => same(one.tokenHash, tokenHash))
  if (session === undefined) throw unauthorised('The session is unknown or was ended. Sign in again.')
  if (session.expiresAt <= parts.time.now().timeMs) throw expired(session.refreshExpiresAt)
  return { kind: 'consumer', id: consumerId, sessionId: session.sessionId }
}

function expired(refreshExpiresAt: number | null): Problem {
  if (refreshExpiresAt === null) return unauthorised('The session has expired. Sign in again.')
  return unauthorised('The access token has expired. Get a new one with POST /v1/sessions/refresh, or sign in again.')
}

async function merchantOf(parts: AuthParts, merchantId: string, keyHash: string): Promise<Principal> {
  const state = await parts.queries.get<MerchantState>('merchants', 'merchants', merchantId, {
    partitionKey: merchantId,
  })
  const key = state?.apiKeys.find((one) => same(one.apiKeyHash, keyHash))
  if (key === undefined) throw unauthorised('The API key is unknown or was withdrawn.')
  if (key.endsAt != null && key.endsAt <= parts.time.now().timeMs) {
    throw unauthorised('The API key has ended: another one took its place.')
  }
  return { kind: 'merchant', id: merchantId }
}

/** Compares two secrets of any length without telling by time how much of them is equal. */
export function sameSecret(left: string, right: string): boolean {
  return same(sha256(left), sha256(right))
}

/** Compares two hashes without telling by time how much of them is equal. */
function same(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}

/** RFC 6750: a challenge names an error only where a token came. */
function unauthorised(detail: string, challenge = 'Bearer error="invalid_token"'): Problem {
  return new Problem(401, 'NOT_SIGNED_IN', detail, { headers: { 'www-authenticate': challenge } })
}
