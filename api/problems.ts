import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isStreamsError } from '#streams'

/** One field that was wrong. `field` is the path in the body, the query or the headers: `items.0.quantity`. */
export type FieldError = { readonly field: string; readonly code: string; readonly message: string }

/** What a problem may say besides its code and detail. */
export type ProblemExtras = {
  readonly errors?: readonly FieldError[]
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/**
 * An error that a caller sees, as RFC 9457 problem details. `code` is stable (docs/errors.md); `detail` says what was
 * wrong and what to do.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, detail: string, { errors, headers, cause }: ProblemExtras = {}) {
    super(detail, { cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.errors = errors ?? []
    this.headers = headers ?? {}
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Wrong media type',
  422: 'Refused',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
  504: 'No outcome yet',
}

/** What is heard while a node stops, or while the read model is a moment behind: nobody needs to look into that. */
const EXPECTED: readonly string[] = ['SHUTTING_DOWN', 'LOG_CLOSED', 'CHARGE_NOT_KNOWN']

/** Writes any error as a problem; what is not a Problem is a fault of ours and is reported without its insides. */
export function renderProblem(error: unknown, c: Context): Response {
  const problem = toProblem(error)
  const requestId = (c.get('requestId') as string | undefined) ?? null
  if (problem.status >= 500 && !EXPECTED.includes(problem.code)) {
    // Where we gave up knowingly, the stack would only say where.
    const why = problem.cause ?? problem.message
    console.error(`${c.req.method} ${c.req.path} (request ${requestId}): ${problem.code}`, why)
  }
  const body = {
    type: `urn:fourfold:problem:${problem.code.toLowerCase()}`,
    title: TITLES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    instance: c.req.path,
    ...(requestId === null ? {} : { requestId }),
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  }
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...problem.headers }
  return c.body(JSON.stringify(body), problem.status as 400, headers)
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException) return problemOfHttp(error)
  return (
    problemOfStreams(error) ??
    new Problem(500, 'INTERNAL', 'Something failed on our side. Repeat the request with the same Idempotency-Key.', {
      cause: error,
    })
  )
}

/** What the framework refuses by itself. */
function problemOfHttp(cause: HTTPException): Problem {
  if (cause.status === 415) {
    return new Problem(415, 'NOT_JSON', 'Send the body as JSON, with the header content-type: application/json.', {
      cause,
    })
  }
  if (cause.status === 400) {
    return new Problem(400, 'MALFORMED_JSON', 'The body is not JSON. Send one JSON object, in UTF-8.', { cause })
  }
  return new Problem(cause.status, 'HTTP_ERROR', 'The request cannot be served.', { cause })
}

type Answer = readonly [status: number, detail: string]

const BUSY: Answer = [503, 'The state asked for is being restored or is busy. Try again in a moment.']
const NO_LISTS: Answer = [503, 'Lists and histories cannot be read at the moment. Try again in a moment.']

/** What callers see of errors of the streams library and the sinks. Everything not named here is a fault of ours. */
const OF_STREAMS: Readonly<Record<string, Answer>> = {
  CURSOR_INVALID: [400, 'The cursor is not one of this list. Begin again without a cursor.'],
  APP_KEY_NOT_PARKED: [404, 'No record of this key waits here: it was decided before, or never failed.'],
  QUERY_TIMEOUT: BUSY,
  QUERY_NOT_HERE: BUSY,
  QUERY_OWNER_UNKNOWN: BUSY,
  QUERY_OWNER_UNREACHABLE: BUSY,
  TOPOLOGY_NOT_RUNNING: BUSY,
  LOG_CLOSED: [503, 'This node is stopping. Send the same request again.'],
  LOG_STORAGE_FULL: [503, 'The disk of the platform is full; nothing was written. Try again when there is room.'],
  DATABASE_FAILED: NO_LISTS,
  DATABASE_UNAVAILABLE: NO_LISTS,
  ANALYTICS_FAILED: [503, 'Analytics cannot be read at the moment. Try again in a moment.'],
  ANALYTICS_UNAVAILABLE: [503, 'Analytics cannot be read at the moment. Try again in a moment.'],
}

function problemOfStreams(error: unknown): Problem | null {
  const answer = isStreamsError(error) ? OF_STREAMS[error.code] : undefined
  if (!isStreamsError(error) || answer === undefined) return null
  const [status, detail] = answer
  return new Problem(status, error.code, detail, {
    cause: error,
    ...(status === 503 ? { headers: { 'retry-after': '1' } } : {}),
    ...(error.code === 'CURSOR_INVALID'
      ? { errors: [{ field: 'cursor', code: 'invalid', message: 'is not one of this list' }] }
      : {}),
  })
}

/** Which status a refusal of a topology has. Everything not named here is 422: understood, and refused by a rule. */
const STATUS_OF_REFUSAL: Readonly<Record<string, number>> = {
  API_KEY_EXISTS: 409,
  APPLICATION_NOT_IN_REVIEW: 409,
  API_KEY_UNKNOWN: 404,
  CAPTURE_EXISTS: 409,
  CHECKOUT_CLAIMED_BY_ANOTHER: 409,
  CHECKOUT_EXISTS: 409,
  CHECKOUT_UNKNOWN: 404,
  CHECK_EXISTS: 409,
  CODE_TOO_SOON: 429,
  CODE_UNKNOWN: 404,
  CODES_TOO_MANY: 429,
  CONSUMER_UNKNOWN: 404,
  CONTACT_VERIFIED: 409,
  KYC_APPROVED: 409,
  KYC_CHECKS_TOO_MANY: 429,
  KYC_IN_PROGRESS: 409,
  MERCHANT_APPLICATION_UNKNOWN: 404,
  MERCHANT_EXISTS: 409,
  MERCHANT_UNKNOWN: 404,
  PASSWORD_OUTDATED: 409,
  PAYMENT_IN_FLIGHT: 409,
  PURCHASE_EXISTS: 409,
  PURCHASE_UNKNOWN: 404,
  REFUND_EXISTS: 409,
  RELEASE_EXISTS: 409,
  SESSION_EXISTS: 409,
  SESSION_UNKNOWN: 404,
  STATUS_UNCHANGED: 409,
  WEBHOOK_ENDPOINT_EXISTS: 409,
  WEBHOOK_ENDPOINT_UNKNOWN: 404,
  DISPUTE_EXISTS: 409,
  DISPUTE_UNKNOWN: 404,
  TIER_UNCHANGED: 409,
}

/** What marks an answer that was given before. */
export const REPLAY_HEADERS: Readonly<Record<string, string>> = { 'idempotent-replayed': 'true' }

/**
 * The outcome of the type that was hoped for. @throws Problem where it is a `...CommandRefused` event: its code and
 * detail are what the caller gets, marked where it is the stored answer of an earlier request.
 */
export function expectOutcome<E extends { readonly type: string }, T extends E['type']>(
  { event, replayed }: { readonly event: E; readonly replayed: boolean },
  type: T,
): Extract<E, { readonly type: T }> {
  if (event.type === type) return event as Extract<E, { readonly type: T }>
  const { code, detail } = event as { code?: string; detail?: string }
  if (code === undefined) throw new Error(`Expected ${type} or a refusal, got ${event.type}.`)
  const headers = replayed ? REPLAY_HEADERS : {}
  // Another merchant's purchase is answered like one that is not there: ids must not tell who buys where.
  if (code === 'MERCHANT_MISMATCH') {
    throw new Problem(404, 'PURCHASE_UNKNOWN', 'There is no such purchase of yours.', { headers })
  }
  throw new Problem(STATUS_OF_REFUSAL[code] ?? 422, code, detail ?? '', { headers })
}
