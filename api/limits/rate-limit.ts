import type { Context, MiddlewareHandler } from 'hono'
import { sha256 } from '#domain/ids.ts'
import { Problem } from '../problems.ts'
import type { Counter } from './counter.ts'

/** How much a caller may ask, and how callers are told apart. */
export type RateLimitOptions = {
  readonly counter: Counter
  readonly requestsPerMinuteMax: number
  /** The address a request comes from, as the socket says it: a header can be made up. */
  readonly addressOf: (c: Context) => string
}

const WINDOW_MS = 60_000
/** A shop's server or an office has one address and many callers; one who makes up tokens has one address too. */
const CALLERS_OF_ADDRESS = 10

/**
 * Lets a caller make so many requests a minute; a caller is its token, or its address where it has none. An address as
 * a whole may make ten times as many, so that tokens made up for each request do not go round the limit. A counter that
 * fails lets the request pass: a limit protects the platform, and must not be what stops it.
 */
export function rateLimit({ counter, requestsPerMinuteMax, addressOf }: RateLimitOptions): MiddlewareHandler {
  return async (c, next) => {
    const token = c.req.header('authorization')
    const address = addressOf(c)
    const count = (key: string) => counter.increment(key, WINDOW_MS).catch(() => 0)
    const [ofAddress, ofCaller] = await Promise.all([
      count(`address:${address}`),
      token === undefined ? count(`anonymous:${address}`) : count(`token:${sha256(token).slice(0, 32)}`),
    ])
    if (ofCaller > requestsPerMinuteMax) throw tooMany(requestsPerMinuteMax)
    if (ofAddress > requestsPerMinuteMax * CALLERS_OF_ADDRESS) throw tooMany(requestsPerMinuteMax * CALLERS_OF_ADDRESS)
    await next()
  }
}

function tooMany(max: number): Problem {
  return new Problem(429, 'RATE_LIMITED', `More than ${max} requests in a minute. Wait, then go on.`, {
    headers: { 'retry-after': String(WINDOW_MS / 1_000) },
  })
}
