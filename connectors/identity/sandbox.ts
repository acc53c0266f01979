/**
 * An identity provider to try things with. What a check says depends on the e-mail address:
 *
 * | in the local part | the check |
 * | --- | --- |
 * | nothing of these | is approved |
 * | `+review` | needs a review, and is approved `reviewMs` later |
 * | `+decline` | is declined |
 * | `+overturn` | is approved at first, not finally, and declined `reviewMs` later |
 * | `+reinstate` | is declined at first, not finally, and approved `reviewMs` later |
 * | `+timeout` | is never answered |
 */
import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import { idempotentRoute, type KeyedAnswer, type KeyedRequest, sandboxError } from '../sandbox/idempotent-route.ts'

/** How the provider behaves; all of it has defaults. */
export type IdentitySandboxOptions = {
  /** Where answered keys are kept. */
  readonly directory?: string | undefined
  /** How long a review takes; milliseconds. */
  readonly reviewMs?: number
  readonly nowMs?: () => number
}

/** The provider's app, to be served under any path. */
export type IdentitySandbox = { readonly app: Hono; close(): Promise<void> }

type Course = 'approve' | 'review' | 'decline' | 'overturn' | 'reinstate'
type Said = { readonly status: 'approved' | 'declined' | 'needs_review'; readonly final: boolean; reasons: string[] }

const REVIEW_MS = 2_000

const APPROVED: Said = { status: 'approved', final: true, reasons: [] }
const DECLINED: Said = { status: 'declined', final: true, reasons: ['document_not_genuine'] }

/** What a check says at first and after its review. */
const COURSES: Readonly<Record<Course, { readonly first: Said; readonly reviewed: Said }>> = {
  approve: { first: APPROVED, reviewed: APPROVED },
  decline: { first: DECLINED, reviewed: DECLINED },
  review: { first: { status: 'needs_review', final: false, reasons: ['name_mismatch'] }, reviewed: APPROVED },
  overturn: { first: { status: 'approved', final: false, reasons: [] }, reviewed: DECLINED },
  reinstate: { first: { ...DECLINED, final: false }, reviewed: APPROVED },
}

/** Opens the provider. */
export function identitySandbox(options: IdentitySandboxOptions = {}): IdentitySandbox {
  const { reviewMs = REVIEW_MS, nowMs = Date.now } = options
  const keys = new AnsweredKeys({ name: 'identity', directory: options.directory })
  // When this process first met a check: after a restart a review begins again.
  const begun = new Map<string, number>()
  const stateOf = (id: string, course: Course) => {
    const since = begun.get(id) ?? nowMs()
    begun.set(id, since)
    const { first, reviewed } = COURSES[course]
    const isFirst = first === reviewed || nowMs() - since < reviewMs
    return isFirst ? { id, ...first, version: 1 } : { id, ...reviewed, version: 2 }
  }
  const app = new Hono()
  app.post(
    '/v1/checks',
    idempotentRoute(keys, (request) => beginCheck(request, stateOf)),
  )
  app.get('/v1/checks/:id', (c) => {
    const id = c.req.param('id')
    const course = /^idc_(approve|review|decline|overturn|reinstate)_[0-9a-f]{24}$/.exec(id)?.[1]
    if (course === undefined) {
      const { status, body } = sandboxError(404, 'check_unknown', 'There is no such check.')
      return c.json(body, status)
    }
    return c.json(stateOf(id, course as Course))
  })
  return { app, close: () => keys.close() }
}

type StateOf = (id: string, course: Course) => object

async function beginCheck({ key, body, untilGone }: KeyedRequest, stateOf: StateOf): Promise<KeyedAnswer> {
  for (const field of ['reference', 'givenName', 'familyName', 'dateOfBirth', 'country', 'email']) {
    if (typeof body[field] !== 'string' || body[field] === '') {
      return sandboxError(422, 'check_invalid', `${field} is needed.`)
    }
  }
  const email = String(body.email)
  const local = email.slice(0, Math.max(0, email.indexOf('@'))).toLowerCase()
  if (local.includes('+timeout')) await untilGone()
  const course =
    (['review', 'decline', 'overturn', 'reinstate'] as const).find((one) => local.includes(`+${one}`)) ?? 'approve'
  // The id tells the course, so that a restarted provider goes on with the check.
  return { status: 201, body: stateOf(`idc_${course}_${hash('sha256', key, 'hex').slice(0, 24)}`, course) }
}
