import { z } from '@hono/zod-openapi'
import { ExplainedDecisionView } from '../decision-views.ts'
import type { ApiParts } from '../parts.ts'
import { Problem } from '../problems.ts'
import { idOf, PageQuery } from '../requests.ts'
import { jsonAnswer, routes, securedRoute } from '../routing.ts'
import { DecisionRowView, pageOf } from '../views.ts'

/** Decisions with their reasons, from the read model. */
export function decisionReadings(parts: ApiParts) {
  const app = routes()
  const list = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/decisions',
    operationId: 'listDecisions',
    tags: ['Decisions'],
    summary: 'The last decisions with their reasons',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(DecisionRowView), 'A page of decisions.') },
  })
  app.openapi(list, async (c) => {
    const read = parts.cursors.page(['decisions'], c.req.valid('query'), (page) => parts.reads.decisions(page))
    return c.json(await read, 200)
  })

  const one = securedRoute(parts.auth, ['consumer', 'operator'], {
    method: 'get',
    path: '/v1/decisions/{decisionId}',
    operationId: 'getDecision',
    tags: ['Decisions'],
    summary: 'A decision: what was decided, by which versions, and why',
    description: 'A consumer gets the reasons; the lender everything that the decision was made from.',
    request: { params: z.object({ decisionId: idOf('dec') }) },
    responses: { 200: jsonAnswer(ExplainedDecisionView, 'The decision.') },
  })
  app.openapi(one, async (c) => {
    const { kind, id } = c.var.principal
    const { decisionId } = c.req.valid('param')
    await parts.recent.settle(id)
    const decision = await parts.reads.decision(decisionId)
    if (decision === null || (kind === 'consumer' && decision.consumerId !== id)) {
      throw new Problem(404, 'DECISION_UNKNOWN', `There is no ${decisionId}.`)
    }
    return c.json(kind === 'operator' ? decision : { ...decision, explanation: null }, 200)
  })
  return app
}
