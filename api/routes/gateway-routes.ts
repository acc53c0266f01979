import { z } from '@hono/zod-openapi'
import { GATEWAY_NAMES } from '#domain/gateway-names.ts'
import { GATEWAY_ROUTES_KEY } from '#schemas'
import { GatewayRoutesView } from '../gateway-route-views.ts'
import type { ApiParts } from '../parts.ts'
import { Problem, REPLAY_HEADERS } from '../problems.ts'
import { Currency, IdempotencyHeader, Line } from '../requests.ts'
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

const Amount = z.int().min(0).nullable().optional()

const Brand = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, { error: 'must be a card network in lower case, such as visa' })
  .openapi({ example: 'visa' })

const NewGatewayRule = z
  .strictObject({
    name: Line.openapi({ example: 'large euros', description: 'Names the rule; each name once.' }),
    brands: z.array(Brand).max(20).optional().openapi({ description: 'Left out or none: all card networks.' }),
    currencies: z.array(Currency).max(50).optional().openapi({ description: 'Left out or none: all.' }),
    minMinor: Amount.openapi({ example: 50_000, description: 'Least amount, itself included.' }),
    maxMinor: Amount.openapi({ example: null, description: 'Largest amount, itself included.' }),
    shares: z
      .array(
        z.strictObject({
          gateway: z.enum(GATEWAY_NAMES).openapi({ example: 'secondary', description: 'The gateway.' }),
          percent: z.int().min(0).max(100).openapi({ example: 100, description: 'Of the charges under the rule.' }),
        }),
      )
      .min(1)
      .max(GATEWAY_NAMES.length)
      .openapi({ description: 'Who is asked first, in percent that sum to 100; the others follow in this order.' }),
  })
  .openapi('NewGatewayRule')

const NewGatewayRoutes = z
  .strictObject({
    rules: z.array(NewGatewayRule).openapi({ description: 'In order: the first rule that fits holds.' }),
  })
  .openapi('NewGatewayRoutes')

/** Which payment gateway a charge goes to: published by the operator. */
export function gatewayRouteRoutes(parts: ApiParts) {
  const app = routes()
  addPublish(app, parts)
  addReading(app, parts)
  return app
}

function addPublish(app: ApiRoutes, parts: ApiParts): void {
  const publish = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/gateway-routes',
    operationId: 'publishGatewayRoutes',
    tags: ['Operations'],
    summary: 'Say which charges go to which payment gateway',
    description:
      'These rules take the place of all before them, for payments that begin from now on. A charge goes on to the ' +
      'next gateway of its rule only where the one before it certainly took nothing; what is sent back goes to the ' +
      'gateway that took it. Where no rule fits, the primary gateway is asked alone.',
    request: { headers: IdempotencyHeader, body: jsonBody(NewGatewayRoutes) },
    responses: { 201: commandAnswer(GatewayRoutesView, 'The routes hold.') },
  })
  app.openapi(publish, async (c) => {
    const rules = c.req.valid('json').rules.map((rule) => ({
      ...{ name: rule.name, brands: rule.brands ?? [], currencies: rule.currencies ?? [] },
      ...{ minMinor: rule.minMinor ?? null, maxMinor: rule.maxMinor ?? null, shares: rule.shares },
    }))
    assertThere(
      parts,
      rules.flatMap(({ shares }) => shares.map(({ gateway }) => gateway)),
    )
    const { topics } = parts.schemas
    const result = await parts.commands.run({
      request: await requestIdentity(c, c.var.principal.id),
      topic: topics.gatewayRouteCommands,
      answeredBy: { app: 'payments', topic: topics.gatewayRouteEvents, store: 'route-answers' },
      partitionKey: GATEWAY_ROUTES_KEY,
      outcomes: ['GatewayRoutesPublished', 'GatewayRoutesRefused'],
      build: (meta) => ({ type: 'PublishGatewayRoutes' as const, meta, rules }),
    })
    const { event, replayed } = result
    if (event.type !== 'GatewayRoutesPublished') {
      throw new Problem(422, event.code, event.detail, { headers: replayed ? REPLAY_HEADERS : {} })
    }
    parts.recent.remember([c.var.principal.id], result.position)
    markReplay(c, replayed)
    const published = { version: event.version, publishedAt: isoTime(event.meta.occurredAt) }
    return c.json({ ...published, rules, gateways: [...parts.gateways] }, 201)
  })
}

/** @throws Problem GATEWAY_NOT_THERE */
function assertThere({ gateways }: ApiParts, named: readonly string[]): void {
  const absent = named.find((name) => !(gateways as readonly string[]).includes(name))
  if (absent === undefined) return
  const detail = `The platform has no gateway ${absent}: set GATEWAY_2_URL, or name ${gateways.join(' or ')}.`
  throw new Problem(422, 'GATEWAY_NOT_THERE', detail)
}

function addReading(app: ApiRoutes, parts: ApiParts): void {
  const reading = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/gateway-routes',
    operationId: 'getGatewayRoutes',
    tags: ['Operations'],
    summary: 'The routes of charges that hold now, and the payment gateways there are',
    responses: { 200: jsonAnswer(GatewayRoutesView, 'The routes.') },
  })
  app.openapi(reading, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const found = await parts.reads.gatewayRoutes()
    return c.json({ ...(found ?? { version: 0, rules: [], publishedAt: null }), gateways: [...parts.gateways] }, 200)
  })
}
