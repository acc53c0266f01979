import { z } from '@hono/zod-openapi'
import type { ApiParts } from '../parts.ts'
import { Problem } from '../problems.ts'
import { Line, limitOf } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'

/** The insides of the platform change with it, so these answers are described by type only (api/operations.ts). */
const Data = z.any().openapi('OperationsData', {
  type: 'object',
  description: 'Data for the operations page; its fields change with the platform.',
})

const name = Line.openapi({ example: 'credit', description: 'The name of a topology.' })
const appParams = z.object({ app: name })
const keyParams = z.object({
  app: name,
  key: z.string().min(1).max(500).openapi({ example: 'con_0123456789abcdef0123456789abcdef' }),
})
const LettersQuery = z.strictObject({ limit: limitOf(200, 50) })

/** For whoever runs the platform: status, drawings, dead letters and parked keys. */
export function operationsRoutes(parts: ApiParts) {
  const app = routes()
  addStatus(app, parts)
  addTotals(app, parts)
  addDrawing(app, parts)
  addDeadLetters(app, parts)
  addParkedKeys(app, parts)
  addDecision(app, parts, 'replay')
  addDecision(app, parts, 'discard')
  return app
}

function addStatus(app: ApiRoutes, parts: ApiParts): void {
  const status = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/operations/status',
    operationId: 'getStatus',
    tags: ['Operations'],
    summary: 'Each topology, connector and sink: throughput, lag, state, dead letters, parked keys',
    responses: { 200: jsonAnswer(Data, 'The status.') },
  })
  app.openapi(status, async (c) => c.json({ ...(await parts.operations.status()) }, 200))
}

function addTotals(app: ApiRoutes, parts: ApiParts): void {
  const totals = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/operations/totals',
    operationId: 'getTotals',
    tags: ['Operations'],
    summary: 'Sums over everything',
    responses: { 200: jsonAnswer(Data, 'The sums.') },
  })
  app.openapi(totals, async (c) => c.json({ ...(await parts.reads.totals()) }, 200))
}

function addDrawing(app: ApiRoutes, parts: ApiParts): void {
  const drawing = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/operations/topologies/{app}',
    operationId: 'getTopology',
    tags: ['Operations'],
    summary: 'A topology, drawn and in words',
    request: { params: appParams },
    responses: { 200: jsonAnswer(Data, 'SVG, Mermaid and text.') },
  })
  app.openapi(drawing, async (c) => {
    const { app: wanted } = c.req.valid('param')
    const drawn = await parts.operations.drawing(known(parts, wanted))
    if (drawn === null) throw unknownTopology(parts, wanted)
    return c.json({ ...drawn }, 200)
  })
}

function addDeadLetters(app: ApiRoutes, parts: ApiParts): void {
  const deadLetters = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/operations/topologies/{app}/dead-letters',
    operationId: 'listDeadLetters',
    tags: ['Operations'],
    summary: 'Records that could not be decoded or processed, newest first',
    request: { params: appParams, query: LettersQuery },
    responses: { 200: jsonAnswer(Data, 'The dead letters.') },
  })
  app.openapi(deadLetters, async (c) => {
    const wanted = known(parts, c.req.valid('param').app)
    const items = await parts.operations.deadLetters(wanted, c.req.valid('query').limit)
    return c.json({ items, nextCursor: null }, 200)
  })
}

function addParkedKeys(app: ApiRoutes, parts: ApiParts): void {
  const parked = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/operations/topologies/{app}/parked-keys',
    operationId: 'listParkedKeys',
    tags: ['Operations'],
    summary: 'Keys whose records wait because one of them failed',
    request: { params: appParams },
    responses: { 200: jsonAnswer(Data, 'The parked keys.') },
  })
  app.openapi(parked, async (c) => {
    const items = await parts.operations.parkedKeys(known(parts, c.req.valid('param').app))
    return c.json({ items, nextCursor: null }, 200)
  })
}

function addDecision(app: ApiRoutes, parts: ApiParts, action: 'replay' | 'discard'): void {
  const release = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: `/v1/operations/topologies/{app}/parked-keys/{key}/${action}`,
    operationId: action === 'replay' ? 'replayParkedKey' : 'discardParkedKey',
    tags: ['Operations'],
    summary: action === 'replay' ? 'Process the waiting records of a key, in order' : 'Let them go for good',
    request: { params: keyParams },
    responses: { 202: jsonAnswer(Data, 'Asked for.') },
  })
  app.openapi(release, async (c) => {
    const { app: wanted, key } = c.req.valid('param')
    const topology = known(parts, wanted)
    await (action === 'replay' ? parts.operations.replayKey(topology, key) : parts.operations.discardKey(topology, key))
    return c.json({ app: topology, key, action }, 202)
  })
}

/** @throws Problem TOPOLOGY_UNKNOWN */
function known(parts: ApiParts, wanted: string): string {
  if (parts.operations.topologies.includes(wanted)) return wanted
  throw unknownTopology(parts, wanted)
}

function unknownTopology({ operations }: ApiParts, wanted: string): Problem {
  const names = operations.topologies.join(', ')
  return new Problem(404, 'TOPOLOGY_UNKNOWN', `There is no topology ${wanted}. Those there are: ${names}.`)
}
