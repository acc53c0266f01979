import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from '../problems.ts'

/** No request of ours comes near this. */
const BODY_BYTES_MAX = 262_144

/** Refuses large bodies, whatever length they claim to have. */
export function limitBody(): MiddlewareHandler {
  return bodyLimit({
    maxSize: BODY_BYTES_MAX,
    onError: () => {
      throw new Problem(413, 'BODY_TOO_LARGE', `The body is larger than ${BODY_BYTES_MAX} bytes.`, {
        // The rest of the body is not read, so nothing else can come over this connection.
        headers: { connection: 'close' },
      })
    },
  })
}
