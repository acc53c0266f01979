/** Trouble of a sandbox gateway that somebody asked for, to see what the platform does about it. */
import type { MiddlewareHandler } from 'hono'
import { type SandboxAnswer, sandboxError } from '../sandbox/idempotent-route.ts'

/** What befalls charges: none; refused as busy; made, and answered with an error. */
const OUTAGES = ['none', 'busy', 'answer-lost'] as const

/** The outage of one gateway; it ends with a restart. */
export class SandboxOutage {
  #now: (typeof OUTAGES)[number] = 'none'

  /** Begins or ends it. */
  set({ outage }: Readonly<Record<string, unknown>>): SandboxAnswer {
    const wanted = OUTAGES.find((one) => one === outage)
    if (wanted === undefined) return sandboxError(422, 'outage_invalid', `outage must be one of ${OUTAGES.join(', ')}.`)
    this.#now = wanted
    return { status: 200, body: { outage: wanted } }
  }

  /** Stands before the charges. */
  readonly befall: MiddlewareHandler = async (c, next) => {
    if (this.#now === 'busy') return c.json({ error: { code: 'busy', message: 'Try again later.' } }, 503)
    await next()
    if (this.#now !== 'answer-lost') return
    c.res = new Response('{"error":{"code":"internal"}}', { status: 500 })
  }
}
