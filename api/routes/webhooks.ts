import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deriveId } from '#domain/ids.ts'
import { addressProblem } from '#domain/private-address.ts'
import type { Envelope, WebhookCommand, WebhookEvent } from '#schemas'
import { commandIdOf, type RequestIdentity } from '../command-gateway.ts'
import type { ApiEnv } from '../env.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { IdempotencyHeader, idOf, PageQuery } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { pageOf } from '../views.ts'
import {
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookRemovalView,
  WebhookReplayView,
  WebhookSecretView,
} from '../webhook-views.ts'

const NewEndpoint = z
  .strictObject({
    url: z
      .string()
      .max(500)
      .openapi({ example: 'https://shop.example.com/fourfold', description: 'Where events are posted.' }),
    eventTypes: z
      .array(z.string().regex(/^[a-z]+\.[a-z]+$/, { error: 'must be a name such as purchase.captured' }))
      .max(50)
      .default([])
      .openapi({ description: 'What it is told; everything where left out.', example: ['purchase.captured'] }),
  })
  .openapi('WebhookEndpointRequest')

const endpointParams = z.object({ endpointId: idOf('whe') })
const DeliveryQuery = PageQuery.extend({
  status: z.enum(['WAITING', 'RETRYING', 'DELIVERED', 'DEAD']).optional().openapi({ description: 'Only those.' }),
})

/** Where merchants are told of their purchases, and what became of it. */
export function webhookRoutes(parts: ApiParts) {
  const app = routes()
  addRegister(app, parts)
  addEndpoints(app, parts)
  addRotate(app, parts)
  addRemove(app, parts)
  addDeliveries(app, parts)
  addReplay(app, parts)
  return app
}

/** Sends a command and waits for its outcome. */
async function send<T extends WebhookEvent['type']>(
  parts: ApiParts,
  c: Context<ApiEnv>,
  outcome: T,
  build: (meta: Envelope, request: RequestIdentity) => WebhookCommand,
): Promise<Extract<WebhookEvent, { type: T }>> {
  const { topics } = parts.schemas
  const { id } = c.var.principal
  const request = await requestIdentity(c, id)
  const result = await parts.commands.run<WebhookCommand, WebhookEvent>({
    request,
    topic: topics.webhookCommands,
    answeredBy: { app: 'webhooks', topic: topics.webhookEvents },
    partitionKey: id,
    outcomes: [outcome, 'WebhookCommandRefused'],
    build: (meta) => build(meta, request),
  })
  const event = expectOutcome(result, outcome) as Extract<WebhookEvent, { type: T }>
  parts.recent.remember([id], result.position)
  markReplay(c, result.replayed)
  return event
}

function secretView({ tokens }: ApiParts, event: { readonly endpointId: string; readonly secretVersion: number }) {
  const { endpointId, secretVersion } = event
  return { endpointId, secretVersion, secret: tokens.webhookSecret(endpointId, secretVersion) }
}

function addRegister(app: ApiRoutes, parts: ApiParts): void {
  const register = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/webhook-endpoints',
    operationId: 'registerWebhookEndpoint',
    tags: ['Webhooks'],
    summary: 'Be told of purchases, disputes and payouts; answers with the signing secret',
    description:
      'Each event is posted until it is answered with 2xx, at least once, in order for each purchase, signed by ' +
      'HMAC-SHA256 over `<t>.<raw body>` in the header Fourfold-Signature (`t=<unix seconds>,v1=<hex>`).',
    request: { headers: IdempotencyHeader, body: jsonBody(NewEndpoint) },
    responses: { 201: commandAnswer(WebhookSecretView, 'Registered.') },
  })
  app.openapi(register, async (c) => {
    const { url, eventTypes } = c.req.valid('json')
    const problem = addressProblem(url, parts.privateWebhooks)
    if (problem !== null) throw new Problem(400, 'WEBHOOK_ADDRESS_REFUSED', `The url ${problem}.`)
    const merchantId = c.var.principal.id
    const event = await send(parts, c, 'WebhookEndpointRegistered', (meta, request) => ({
      ...{ type: 'RegisterWebhookEndpoint', meta, merchantId, url, eventTypes },
      endpointId: deriveId('whe', merchantId, commandIdOf(request)),
    }))
    return c.json(secretView(parts, event), 201)
  })
}

function addEndpoints(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    tags: ['Webhooks'],
    summary: 'Where one is told',
    responses: { 200: jsonAnswer(pageOf(WebhookEndpointView), 'The endpoints.') },
  })
  app.openapi(list, async (c) => {
    const { id } = c.var.principal
    await parts.recent.settle(id)
    const items = await parts.reads.webhookEndpoints(id)
    return c.json({ items: [...items], nextCursor: null }, 200)
  })
}

function addRotate(app: ApiRoutes, parts: ApiParts): void {
  const rotate = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/webhook-endpoints/{endpointId}/secret',
    operationId: 'rotateWebhookSecret',
    tags: ['Webhooks'],
    summary: 'Get a new signing secret; the last one signs too for a day',
    request: { headers: IdempotencyHeader, params: endpointParams },
    responses: { 201: commandAnswer(WebhookSecretView, 'The new secret.') },
  })
  app.openapi(rotate, async (c) => {
    const { endpointId } = c.req.valid('param')
    const ids = { merchantId: c.var.principal.id, endpointId }
    const event = await send(parts, c, 'WebhookSecretRotated', (meta) => ({
      type: 'RotateWebhookSecret',
      meta,
      ...ids,
    }))
    return c.json(secretView(parts, event), 201)
  })
}

function addRemove(app: ApiRoutes, parts: ApiParts): void {
  const remove = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/webhook-endpoints/{endpointId}/removal',
    operationId: 'removeWebhookEndpoint',
    tags: ['Webhooks'],
    summary: 'Be told nothing there any more',
    request: { headers: IdempotencyHeader, params: endpointParams },
    responses: { 201: commandAnswer(WebhookRemovalView, 'Removed.') },
  })
  app.openapi(remove, async (c) => {
    const { endpointId } = c.req.valid('param')
    const ids = { merchantId: c.var.principal.id, endpointId }
    await send(parts, c, 'WebhookEndpointRemoved', (meta) => ({ type: 'RemoveWebhookEndpoint', meta, ...ids }))
    return c.json({ endpointId, removed: true }, 201)
  })
}

function addDeliveries(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/webhook-deliveries',
    operationId: 'listWebhookDeliveries',
    tags: ['Webhooks'],
    summary: 'What was posted and what became of it, newest first; `status=DEAD` is the dead-letter list',
    request: { query: DeliveryQuery },
    responses: { 200: jsonAnswer(pageOf(WebhookDeliveryView), 'A page of deliveries.') },
  })
  app.openapi(list, async (c) => {
    const { id } = c.var.principal
    const { status = null, ...query } = c.req.valid('query')
    await parts.recent.settle(id)
    const read = parts.cursors.page(['webhook-deliveries', id, status ?? undefined], query, (page) =>
      parts.reads.webhookDeliveries({ merchantId: id, status }, page),
    )
    return c.json(await read, 200)
  })
}

function addReplay(app: ApiRoutes, parts: ApiParts): void {
  const replay = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/webhook-deliveries/{deliveryId}/replay',
    operationId: 'replayWebhookDelivery',
    tags: ['Webhooks'],
    summary: 'Try a delivery again that was given up',
    request: { headers: IdempotencyHeader, params: z.object({ deliveryId: idOf('whd') }) },
    responses: { 201: commandAnswer(WebhookReplayView, 'It is tried again.') },
  })
  app.openapi(replay, async (c) => {
    const { deliveryId } = c.req.valid('param')
    const merchantId = c.var.principal.id
    const found = await parts.reads.webhookDelivery(merchantId, deliveryId)
    if (found === null) throw new Problem(404, 'WEBHOOK_DELIVERY_UNKNOWN', `There is no ${deliveryId}.`)
    const { endpointId, subject } = found
    const ids = { merchantId, endpointId, subject, deliveryId }
    await send(parts, c, 'WebhookReplayed', (meta) => ({ type: 'ReplayWebhook', meta, ...ids }))
    return c.json({ deliveryId, status: 'WAITING' }, 201)
  })
}
