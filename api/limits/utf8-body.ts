import type { MiddlewareHandler } from 'hono'
import { Problem } from '../problems.ts'

/**
 * Refuses a body that is not UTF-8. Read leniently its wrong bytes would become other characters, and what is kept
 * would not be what was sent.
 */
export function requireUtf8(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'GET' && !isUtf8(await c.req.arrayBuffer())) {
      throw new Problem(400, 'MALFORMED_JSON', 'The body is not UTF-8. Send one JSON object, in UTF-8.')
    }
    await next()
  }
}

function isUtf8(bytes: ArrayBuffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
