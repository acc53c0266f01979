import { z } from '@hono/zod-openapi'
import type { CreditCommand, CreditReviewEvent, Envelope } from '#schemas'
import type { CommandResult, RequestIdentity } from '../command-gateway.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { IdempotencyHeader, idOf, Line, limitOf } from '../requests.ts'
import { CreditReviewView, REVIEW_STATUSES } from '../review-views.ts'
import {
  type ApiRoutes,
  commandAnswer,
  isoTime,
  jsonAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { text } from '../view-fields.ts'
import { pageOf } from '../views.ts'

const reviewer = Line.openapi({ example: 'Jo', description: 'Who of the staff: the same one claims and decides.' })

const Statement = z
  .strictObject({
    statement: z
      .string()
      .trim()
      .min(1, { error: 'must not be empty' })
      .max(2_000, { error: 'must have at most 2000 characters' })
      .openapi({ example: 'My income has risen since.', description: 'What a person should know.' }),
  })
  .openapi('ReviewRequest')

const Claim = z.strictObject({ reviewer }).openapi('ReviewClaim')

const Verdict = z
  .strictObject({
    reviewer,
    overturned: z.boolean().openapi({ example: true, description: 'False: the refusal stands.' }),
    reason: Line.openapi({ example: 'Proof of income seen.', description: 'Told to the consumer, and kept.' }),
  })
  .openapi('ReviewVerdict')

const Taken = z
  .object({
    reviewId: text('The id of the review.', 'rev_0123'),
    status: text('REQUESTED, CLAIMED, UPHELD or OVERTURNED.', 'REQUESTED'),
    dueAt: text('The deadline, ISO 8601; told with the request.', '2026-03-15T00:00:00.000Z').nullable(),
    validUntil: text('Until then the purchase is approved, ISO 8601.', '2026-03-29T00:00:00.000Z').nullable(),
  })
  .openapi('ReviewTaken')

const params = z.object({ reviewId: idOf('rev') })

/** Review of refusals by a person. */
export function reviewRoutes(parts: ApiParts) {
  const app = routes()
  addRequest(app, parts)
  addQueue(app, parts)
  addClaim(app, parts)
  addVerdict(app, parts)
  return app
}

function addRequest(app: ApiRoutes, parts: ApiParts): void {
  const ask = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/decisions/{decisionId}/review',
    operationId: 'requestReview',
    tags: ['Decisions'],
    summary: 'Have a person look at a refusal',
    request: {
      headers: IdempotencyHeader,
      params: z.object({ decisionId: idOf('dec') }),
      body: jsonBody(Statement),
    },
    responses: { 201: commandAnswer(Taken, 'A person will look at it by the deadline.') },
  })
  app.openapi(ask, async (c) => {
    const { id: consumerId } = c.var.principal
    const { decisionId } = c.req.valid('param')
    const { statement } = c.req.valid('json')
    const request = await requestIdentity(c, consumerId)
    const result = await run(parts, request, consumerId, (meta) => ({
      ...{ type: 'RequestReview' as const, meta, consumerId, decisionId, statement },
    }))
    const { reviewId, dueAt } = expectOutcome(result, 'ReviewRequested')
    markReplay(c, result.replayed)
    return c.json({ reviewId, status: 'REQUESTED', dueAt: isoTime(dueAt), validUntil: null }, 201)
  })
}

function addQueue(app: ApiRoutes, parts: ApiParts): void {
  const status = z.enum(REVIEW_STATUSES).optional().openapi({ example: 'REQUESTED', description: 'Only those.' })
  const cursor = z.string().max(600).optional().openapi({ description: '`nextCursor` of the page before.' })
  const list = securedRoute(parts.auth, ['consumer', 'operator'], {
    method: 'get',
    path: '/v1/reviews',
    operationId: 'listReviews',
    tags: ['Decisions'],
    summary: 'Reviews of refusals: the work queue of the staff; a consumer gets their own',
    request: { query: z.strictObject({ status, limit: limitOf(100, 20), cursor }) },
    responses: { 200: jsonAnswer(pageOf(CreditReviewView), 'A page of reviews, newest first.') },
  })
  app.openapi(list, async (c) => {
    const { kind, id } = c.var.principal
    await parts.recent.settle(id)
    const { status: wanted, ...query } = c.req.valid('query')
    const whose = kind === 'consumer' ? { consumerId: id } : {}
    const filter = { ...whose, ...(wanted === undefined ? {} : { status: wanted }) }
    const at = ['reviews', kind === 'consumer' ? id : 'all', wanted ?? 'any']
    return c.json(await parts.cursors.page(at, query, (page) => parts.reads.creditReviews(filter, page)), 200)
  })
}

function addClaim(app: ApiRoutes, parts: ApiParts): void {
  const claim = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/reviews/{reviewId}/claim',
    operationId: 'claimReview',
    tags: ['Decisions'],
    summary: 'Take a review on',
    request: { headers: IdempotencyHeader, params, body: jsonBody(Claim) },
    responses: { 200: commandAnswer(Taken, 'It is yours.') },
  })
  app.openapi(claim, async (c) => {
    const { reviewId } = c.req.valid('param')
    const review = await reviewOf(parts, reviewId, c.var.principal.id)
    const request = await requestIdentity(c, c.var.principal.id)
    const body = c.req.valid('json')
    const result = await run(parts, request, review.consumerId, (meta) => ({
      ...{ type: 'ClaimReview' as const, meta, ...review, reviewer: body.reviewer },
    }))
    expectOutcome(result, 'ReviewClaimed')
    markReplay(c, result.replayed)
    return c.json({ reviewId, status: 'CLAIMED', dueAt: null, validUntil: null }, 200)
  })
}

function addVerdict(app: ApiRoutes, parts: ApiParts): void {
  const decide = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/reviews/{reviewId}/decision',
    operationId: 'decideReview',
    tags: ['Decisions'],
    summary: 'Uphold a refusal, or overturn it: then one purchase of that amount is approved there for some days',
    request: { headers: IdempotencyHeader, params, body: jsonBody(Verdict) },
    responses: { 200: commandAnswer(Taken, 'It is decided.') },
  })
  app.openapi(decide, async (c) => {
    const { reviewId } = c.req.valid('param')
    const review = await reviewOf(parts, reviewId, c.var.principal.id)
    const request = await requestIdentity(c, c.var.principal.id)
    const verdict = c.req.valid('json')
    const result = await run(parts, request, review.consumerId, (meta) => ({
      ...{ type: 'DecideReview' as const, meta, ...review, ...verdict },
    }))
    const { overturned, validUntil } = expectOutcome(result, 'ReviewDecided')
    markReplay(c, result.replayed)
    const until = validUntil === null ? null : isoTime(validUntil)
    return c.json({ reviewId, status: overturned ? 'OVERTURNED' : 'UPHELD', dueAt: null, validUntil: until }, 200)
  })
}

/** Whose review it is, and of which decision. @throws Problem REVIEW_UNKNOWN */
async function reviewOf(parts: ApiParts, reviewId: string, caller: string) {
  await parts.recent.settle(caller)
  const review = await parts.reads.creditReview(reviewId)
  if (review === null) throw new Problem(404, 'REVIEW_UNKNOWN', `There is no ${reviewId}.`)
  return { consumerId: review.consumerId, decisionId: review.decisionId }
}

async function run(
  parts: ApiParts,
  request: RequestIdentity,
  consumerId: string,
  build: (meta: Envelope) => CreditCommand,
): Promise<CommandResult<CreditReviewEvent>> {
  const { topics } = parts.schemas
  const result = await parts.commands.run({
    request,
    topic: topics.creditCommands,
    answeredBy: { app: 'credit', topic: topics.creditReviewEvents },
    partitionKey: consumerId,
    outcomes: ['ReviewRequested', 'ReviewClaimed', 'ReviewDecided', 'ReviewCommandRefused'],
    build,
  })
  parts.recent.remember([request.caller, consumerId], result.position)
  return result
}
