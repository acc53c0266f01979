import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deriveId } from '#domain/ids.ts'
import type { DisputeDecided, Envelope, PurchaseCommand } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import { AnsweredDisputeView, DecidedDisputeView, DisputeView, OpenedDisputeView } from '../dispute-views.ts'
import type { ApiEnv } from '../env.ts'
import { merchantAction } from '../merchant-action.ts'
import type { ApiParts } from '../parts.ts'
import { AmountMinor, IdempotencyHeader, idOf, Line, PageQuery, Prose } from '../requests.ts'
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
import { pageOf } from '../views.ts'

const REASONS = ['NOT_RECEIVED', 'NOT_AS_DESCRIBED', 'RETURNED', 'DUPLICATE', 'NOT_MINE', 'OTHER'] as const

const NewDispute = z
  .strictObject({
    reason: z.enum(REASONS).openapi({ description: 'What is wrong.' }),
    note: Prose.optional().openapi({ description: 'The same in the consumer’s words.', example: 'Nothing came.' }),
    amountMinor: AmountMinor.optional().openapi({ description: 'All that can be disputed where left out.' }),
  })
  .openapi('DisputeRequest')
const Evidence = z
  .strictObject({
    evidence: Prose.openapi({
      description: 'Why the consumer is wrong: tracking numbers, letters.',
      example: 'Delivered on 3 March, tracking number 1234.',
    }),
  })
  .openapi('DisputeEvidenceRequest')
const Decision = z
  .strictObject({
    merchantWins: z.boolean().openapi({ description: 'False: what was disputed is refunded.', example: true }),
    note: Line.optional().openapi({ description: 'Kept with the decision.', example: 'The parcel was signed for.' }),
  })
  .openapi('DisputeDecisionRequest')

const purchaseParams = z.object({ purchaseId: idOf('pur') })
const disputeParams = z.object({ purchaseId: idOf('pur'), disputeId: idOf('dis') })

/** Disputes: the consumer opens and withdraws, the merchant answers or accepts, the operator decides. */
export function disputeRoutes(parts: ApiParts) {
  const app = routes()
  addList(app, parts)
  addOpen(app, parts)
  addEvidence(app, parts)
  addWithdrawal(app, parts)
  addAcceptance(app, parts)
  addDecision(app, parts)
  return app
}

async function askedBy(parts: ApiParts, c: Context<ApiEnv>, purchaseId: string) {
  const { id } = c.var.principal
  const consumerId = await parts.directory.ownerOf(purchaseId, 'PURCHASE_UNKNOWN')
  return { id, consumerId, request: await requestIdentity(c, id) }
}

function addList(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['consumer', 'merchant', 'operator'], {
    method: 'get',
    path: '/v1/disputes',
    operationId: 'listDisputes',
    tags: ['Disputes'],
    summary: 'One’s own disputes, or all for the operator; newest first',
    request: { query: PageQuery.extend({ purchaseId: idOf('pur').optional() }) },
    responses: { 200: jsonAnswer(pageOf(DisputeView), 'A page of disputes.') },
  })
  app.openapi(list, async (c) => {
    const { kind, id } = c.var.principal
    const { purchaseId, ...query } = c.req.valid('query')
    await parts.recent.settle(id)
    const whose = kind === 'operator' ? {} : kind === 'merchant' ? { merchantId: id } : { consumerId: id }
    const filter = purchaseId === undefined ? whose : { ...whose, purchaseId }
    const read = parts.cursors.page(['disputes', id, purchaseId], query, (page) => parts.reads.disputes(filter, page))
    return c.json(await read, 200)
  })
}

function addOpen(app: ApiRoutes, parts: ApiParts): void {
  const open = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/disputes',
    operationId: 'openDispute',
    tags: ['Disputes'],
    summary: 'Say that something is wrong with what was bought',
    description: 'The amount is held from the merchant’s payouts until the dispute is decided.',
    request: { headers: IdempotencyHeader, params: purchaseParams, body: jsonBody(NewDispute) },
    responses: { 201: commandAnswer(OpenedDisputeView, 'Opened.') },
  })
  app.openapi(open, async (c) => {
    const { purchaseId } = c.req.valid('param')
    const { consumerId, request, id } = await askedBy(parts, c, purchaseId)
    const disputeId = deriveId('dis', purchaseId, commandIdOf(request))
    const { reason, note = null, amountMinor = null } = c.req.valid('json')
    const { event, replayed } = await merchantAction(parts, {
      request,
      consumerId,
      outcome: 'DisputeOpened',
      thenPlan: null,
      // Under the caller's own id: the purchase of somebody else is unknown to it.
      build: (meta) => ({
        ...{ type: 'OpenDispute', meta, consumerId: id, purchaseId, disputeId, reason, note, amountMinor },
      }),
    })
    markReplay(c, replayed)
    const { currency, evidenceDueAt } = event
    const opened = { disputeId, purchaseId, status: 'OPEN', amountMinor: event.amountMinor, currency }
    return c.json({ ...opened, evidenceDueAt: isoTime(evidenceDueAt) }, 201)
  })
}

function addEvidence(app: ApiRoutes, parts: ApiParts): void {
  const submit = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/disputes/{disputeId}/evidence',
    operationId: 'submitDisputeEvidence',
    tags: ['Disputes'],
    summary: 'Answer a dispute; without an answer in time it is lost',
    request: { headers: IdempotencyHeader, params: disputeParams, body: jsonBody(Evidence) },
    responses: { 201: commandAnswer(AnsweredDisputeView, 'Kept.') },
  })
  app.openapi(submit, async (c) => {
    const { purchaseId, disputeId } = c.req.valid('param')
    const { consumerId, request, id: merchantId } = await askedBy(parts, c, purchaseId)
    const { evidence } = c.req.valid('json')
    const ids = { consumerId, merchantId, purchaseId, disputeId }
    const { replayed } = await merchantAction(parts, {
      request,
      consumerId,
      outcome: 'DisputeEvidenceSubmitted',
      thenPlan: null,
      build: (meta) => ({ type: 'SubmitDisputeEvidence', meta, ...ids, evidence }),
    })
    markReplay(c, replayed)
    return c.json({ disputeId, status: 'UNDER_REVIEW' }, 201)
  })
}

function addWithdrawal(app: ApiRoutes, parts: ApiParts): void {
  const withdraw = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/disputes/{disputeId}/withdrawal',
    operationId: 'withdrawDispute',
    tags: ['Disputes'],
    summary: 'Withdraw a dispute: the merchant keeps the money',
    request: { headers: IdempotencyHeader, params: disputeParams },
    responses: { 201: commandAnswer(DecidedDisputeView, 'Withdrawn.') },
  })
  app.openapi(withdraw, async (c) => {
    const { purchaseId, disputeId } = c.req.valid('param')
    const consumerId = c.var.principal.id
    const ids = { consumerId, purchaseId, disputeId }
    const view = await decide(parts, c, purchaseId, (meta) => ({ type: 'WithdrawDispute', meta, ...ids }))
    return c.json(view, 201)
  })
}

function addAcceptance(app: ApiRoutes, parts: ApiParts): void {
  const accept = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/disputes/{disputeId}/acceptance',
    operationId: 'acceptDispute',
    tags: ['Disputes'],
    summary: 'Accept a dispute: what was disputed is refunded',
    request: { headers: IdempotencyHeader, params: disputeParams },
    responses: { 201: commandAnswer(DecidedDisputeView, 'Accepted.') },
  })
  app.openapi(accept, async (c) => {
    const { purchaseId, disputeId } = c.req.valid('param')
    const merchantId = c.var.principal.id
    const view = await decide(parts, c, purchaseId, (meta, consumerId) => ({
      ...{ type: 'AcceptDispute', meta, consumerId, merchantId, purchaseId, disputeId },
    }))
    return c.json(view, 201)
  })
}

function addDecision(app: ApiRoutes, parts: ApiParts): void {
  const decision = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/disputes/{disputeId}/decision',
    operationId: 'decideDispute',
    tags: ['Disputes'],
    summary: 'Decide a consumer’s dispute; the card network decides on its own',
    request: { headers: IdempotencyHeader, params: disputeParams, body: jsonBody(Decision) },
    responses: { 201: commandAnswer(DecidedDisputeView, 'Decided.') },
  })
  app.openapi(decision, async (c) => {
    const { purchaseId, disputeId } = c.req.valid('param')
    const { merchantWins, note = null } = c.req.valid('json')
    const view = await decide(parts, c, purchaseId, (meta, consumerId) => ({
      ...{ type: 'DecideDispute', meta, consumerId, purchaseId, disputeId, merchantWins, note },
    }))
    return c.json(view, 201)
  })
}

/** Sends a command that ends a dispute. */
async function decide(
  parts: ApiParts,
  c: Context<ApiEnv>,
  purchaseId: string,
  build: (meta: Envelope, consumerId: string) => PurchaseCommand,
): Promise<z.infer<typeof DecidedDisputeView>> {
  const { consumerId, request } = await askedBy(parts, c, purchaseId)
  const { event, replayed } = await merchantAction(parts, {
    request,
    consumerId,
    outcome: 'DisputeDecided',
    thenPlan: null,
    build: (meta) => build(meta, consumerId),
  })
  markReplay(c, replayed)
  return decidedView(event)
}

function decidedView({ disputeId, purchaseId, outcome, cause, amountMinor, currency }: DisputeDecided) {
  return { disputeId, purchaseId, status: outcome, cause, amountMinor, currency }
}
