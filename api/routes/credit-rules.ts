import { z } from '@hono/zod-openapi'
import { canonicalJson } from '#domain/canonical-json.ts'
import type { CreditRuleEvent, CreditRulesRefused, Envelope } from '#schemas'
import { CREDIT_RULES_KEY } from '#schemas'
import type { RequestIdentity } from '../command-gateway.ts'
import { CreditPolicyFileView, CreditPolicyView, ScoreModelFileView, ScoreModelView } from '../credit-rule-views.ts'
import type { ApiParts } from '../parts.ts'
import { Problem, REPLAY_HEADERS } from '../problems.ts'
import { IdempotencyHeader, PageQuery } from '../requests.ts'
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

const file = (what: string) =>
  z.record(z.string(), z.any()).openapi({
    type: 'object',
    example: { format: 1, version: 'p3' },
    description: `The ${what} file, as \`npm run policy\` knows it.`,
  })

const Time = z.iso.datetime({ offset: true, error: 'must be a time of ISO 8601 such as 2026-04-01T00:00:00Z' })

const PolicyPublication = z
  .strictObject({
    policy: file('policy'),
    effectiveFrom: Time.nullable().optional().openapi({
      example: '2026-04-01T00:00:00Z',
      description: 'Business time from which it holds; left out: from now on; null: only as a challenger.',
    }),
  })
  .openapi('PolicyPublication')

const ModelPublication = z.strictObject({ model: file('model') }).openapi('ModelPublication')

const version = z.object({
  version: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, { error: 'must be a version such as p3' })
    .openapi({ example: 'p3' }),
})

function timeOf(said: string | null | undefined, nowMs: number): number | null {
  if (said === undefined) return nowMs
  return said === null ? null : Date.parse(said)
}

/** Credit policies and score models: published by the operator, and read as they were published. */
export function creditRuleRoutes(parts: ApiParts) {
  const app = routes()
  addPublishPolicy(app, parts)
  addPublishModel(app, parts)
  addPolicyReadings(app, parts)
  addModelReadings(app, parts)
  return app
}

function addPublishPolicy(app: ApiRoutes, parts: ApiParts): void {
  const publish = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/credit/policies',
    operationId: 'publishCreditPolicy',
    tags: ['Decisions'],
    summary: 'Publish a credit policy that holds from a time on',
    description:
      'The file is checked first: gaps and overlaps between bands, examples that end otherwise, models that nobody ' +
      'published. Decisions of that business time and later go by it and name its version.',
    request: { headers: IdempotencyHeader, body: jsonBody(PolicyPublication) },
    responses: { 201: commandAnswer(CreditPolicyView, 'The policy is published.') },
  })
  app.openapi(publish, async (c) => {
    const { policy, effectiveFrom } = c.req.valid('json')
    const { event, replayed } = await run(parts, await requestIdentity(c, c.var.principal.id), (meta) => ({
      type: 'PublishCreditPolicy' as const,
      meta,
      file: canonicalJson(policy),
      effectiveFrom: timeOf(effectiveFrom, meta.occurredAt),
    }))
    if (event.type !== 'CreditPolicyPublished') throw refusal(event, replayed)
    markReplay(c, replayed)
    const { meta, version: name, modelVersion, fileHash } = event
    const from = event.effectiveFrom === null ? null : isoTime(event.effectiveFrom)
    const published = { publicationId: meta.id, publishedAt: isoTime(meta.occurredAt) }
    return c.json({ ...published, version: name, effectiveFrom: from, modelVersion, fileHash }, 201)
  })
}

function addPublishModel(app: ApiRoutes, parts: ApiParts): void {
  const publish = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/credit/models',
    operationId: 'publishScoreModel',
    tags: ['Decisions'],
    summary: 'Publish a score model; a policy that names it makes it decide',
    request: { headers: IdempotencyHeader, body: jsonBody(ModelPublication) },
    responses: { 201: commandAnswer(ScoreModelView, 'The model is published.') },
  })
  app.openapi(publish, async (c) => {
    const { model } = c.req.valid('json')
    const { event, replayed } = await run(parts, await requestIdentity(c, c.var.principal.id), (meta) => ({
      type: 'PublishScoreModel' as const,
      meta,
      file: canonicalJson(model),
    }))
    if (event.type !== 'ScoreModelPublished') throw refusal(event, replayed)
    markReplay(c, replayed)
    const { meta, version: name, fileHash } = event
    return c.json({ version: name, fileHash, publishedAt: isoTime(meta.occurredAt) }, 201)
  })
}

type RuleCommand = Parameters<ApiParts['schemas']['topics']['creditRuleCommands']['value']['serialize']>[0]

async function run(parts: ApiParts, request: RequestIdentity, build: (meta: Envelope) => RuleCommand) {
  const { topics } = parts.schemas
  const result = await parts.commands.run({
    request,
    topic: topics.creditRuleCommands,
    answeredBy: { app: 'credit', topic: topics.creditRuleEvents, store: 'rule-answers' },
    partitionKey: CREDIT_RULES_KEY,
    outcomes: ['CreditPolicyPublished', 'ScoreModelPublished', 'CreditRulesRefused'],
    build,
  })
  parts.recent.remember([request.caller], result.position)
  return result
}

function refusal(event: CreditRuleEvent, replayed: boolean): Problem {
  const { code, detail, problems, command } = event as CreditRulesRefused
  const field = command === 'PublishCreditPolicy' ? 'policy' : 'model'
  return new Problem(422, code, detail, {
    errors: problems.map((one) => ({ field, code: one.code, message: one.text })),
    headers: replayed ? REPLAY_HEADERS : {},
  })
}

function addPolicyReadings(app: ApiRoutes, parts: ApiParts): void {
  const policies = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/credit/policies',
    operationId: 'listCreditPolicies',
    tags: ['Decisions'],
    summary: 'The credit policies that were published, newest first',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(CreditPolicyView), 'A page of policies.') },
  })
  app.openapi(policies, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const query = c.req.valid('query')
    const read = parts.cursors.page(['credit-policies'], query, (page) => parts.reads.creditPolicies(page))
    return c.json(await read, 200)
  })
  const policy = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/credit/policies/{version}',
    operationId: 'getCreditPolicy',
    tags: ['Decisions'],
    summary: 'A credit policy with its file',
    request: { params: version },
    responses: { 200: jsonAnswer(CreditPolicyFileView, 'The policy.') },
  })
  app.openapi(policy, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const { version: wanted } = c.req.valid('param')
    const found = await parts.reads.creditPolicy(wanted)
    if (found === null) throw new Problem(404, 'CREDIT_POLICY_UNKNOWN', `No policy ${wanted} was published.`)
    return c.json(found, 200)
  })
}

function addModelReadings(app: ApiRoutes, parts: ApiParts): void {
  const models = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/credit/models',
    operationId: 'listScoreModels',
    tags: ['Decisions'],
    summary: 'The score models that were published, newest first',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(ScoreModelView), 'A page of models.') },
  })
  app.openapi(models, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const query = c.req.valid('query')
    const read = parts.cursors.page(['score-models'], query, (page) => parts.reads.scoreModels(page))
    return c.json(await read, 200)
  })
  const model = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/credit/models/{version}',
    operationId: 'getScoreModel',
    tags: ['Decisions'],
    summary: 'A score model with its file',
    request: { params: version },
    responses: { 200: jsonAnswer(ScoreModelFileView, 'The model.') },
  })
  app.openapi(model, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const { version: wanted } = c.req.valid('param')
    const found = await parts.reads.scoreModel(wanted)
    if (found === null) throw new Problem(404, 'SCORE_MODEL_UNKNOWN', `No model ${wanted} was published.`)
    return c.json(found, 200)
  })
}
