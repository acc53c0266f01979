import type { Context } from 'hono'
import { type AnsweredKeys, requestHash } from './answered-keys.ts'

/** What a sandbox answers. */
export type SandboxAnswer = {
  readonly status: 200 | 201 | 400 | 402 | 404 | 409 | 413 | 422
  readonly body: object
}

/** A request with its key, for the first time or again. */
export type KeyedRequest = {
  readonly key: string
  readonly body: Readonly<Record<string, unknown>>
  /** The note left when the key was first answered; null where this is the first time. */
  readonly note: string | null
  /** Resolves when the caller has hung up: for a sandbox that never answers. */
  readonly untilGone: () => Promise<void>
}

/** An answer, and what to remember beside the key (for answers that the request alone does not tell). */
export type KeyedAnswer = SandboxAnswer & { readonly note?: string }

type Answerer = (request: KeyedRequest) => KeyedAnswer | Promise<KeyedAnswer>

const BODY_BYTES_MAX = 65_536

/** An error in the form all our sandboxes share. */
export function sandboxError(status: SandboxAnswer['status'], code: string, message: string): SandboxAnswer {
  return { status, body: { error: { code, message } } }
}

/**
 * A route that acts once for a key: the same key with the same body has the same answer, with another one 409. A
 * refusal for its form (400, 413, 422) is not remembered: the key can be used for the corrected request. `pathOf`: the
 * path whose keys these are, where it is another one.
 */
export function idempotentRoute(
  keys: AnsweredKeys,
  answer: Answerer,
  pathOf: (path: string) => string = (path) => path,
) {
  return async (c: Context): Promise<Response> => {
    const { status, body } = await keyedAnswer(c, { keys, answer, path: pathOf(c.req.path) })
    return c.json(body, status)
  }
}

type KeyedRoute = { readonly keys: AnsweredKeys; readonly answer: Answerer; readonly path: string }

async function keyedAnswer(c: Context, { keys, answer, path }: KeyedRoute): Promise<SandboxAnswer> {
  const key = c.req.header('idempotency-key')
  if (!key || key.length > 255) {
    return sandboxError(400, 'idempotency_key_missing', 'Send a header Idempotency-Key of 1 to 255 characters.')
  }
  const text = await readBody(c)
  if (typeof text !== 'string') return text
  const body = parseObject(text)
  if (body === null) return sandboxError(400, 'body_invalid', 'The body must be a JSON object.')
  const hash = requestHash(path + text)
  const known = keys.get(key)
  if (known && known.requestHash !== hash) {
    return sandboxError(409, 'idempotency_key_reused', 'This key came with another request before.')
  }
  const untilGone = () =>
    new Promise<void>((resolve) => c.req.raw.signal.addEventListener('abort', () => resolve(), { once: true }))
  const answered = await answer({ key, body, note: known?.note ?? null, untilGone })
  const isRemembered = ![400, 413, 422].includes(answered.status)
  if (!known && isRemembered) keys.set(key, { requestHash: hash, note: answered.note ?? '' })
  return answered
}

/** The body as text, or the refusal of one that is too long. */
export async function readBody(c: Context): Promise<string | SandboxAnswer> {
  if (Number(c.req.header('content-length') ?? 0) <= BODY_BYTES_MAX) {
    const text = await c.req.text()
    if (text.length <= BODY_BYTES_MAX) return text
  }
  return sandboxError(413, 'body_too_large', `The body may have ${BODY_BYTES_MAX} bytes.`)
}

/** A JSON object; null where the text is none. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed = JSON.parse(text) as unknown
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
