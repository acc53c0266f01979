import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { ConsumerState, KycStatusChanged } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import { consumerWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { IdentityCheckView } from '../views.ts'

const IdentityCheckRequest = z
  .strictObject({
    documentRef: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be the provider’s reference of a document, not the document' })
      .optional()
      .openapi({ example: 'doc-1', description: 'The provider’s reference. Documents go to the provider only.' }),
  })
  .openapi('IdentityCheckRequest')

/** Identity checks. */
export function consumerRoutes(parts: ApiParts) {
  const app = routes()
  addCheckIdentity(app, parts)
  return app
}

function addCheckIdentity(app: ApiRoutes, parts: ApiParts): void {
  const checkIdentity = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/consumers/me/identity-checks',
    operationId: 'checkIdentity',
    tags: ['Consumers'],
    summary: 'Verify who the consumer is',
    description:
      'Waits some seconds for the provider; where it takes longer, the status is PENDING, and a repeat with the same ' +
      'Idempotency-Key tells where the check stands by then.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(IdentityCheckRequest) },
    responses: { 201: commandAnswer(IdentityCheckView, 'The check and where it stands.') },
  })
  app.openapi(checkIdentity, async (c) => {
    const consumerId = c.var.principal.id
    const request = await requestIdentity(c, consumerId)
    const checkId = deriveId('idc', consumerId, commandIdOf(request))
    const { documentRef } = c.req.valid('json')
    const isResult = (event: KycStatusChanged) => event.status !== 'PENDING'
    const reported = parts.commands.waitFor<KycStatusChanged>(commandIdOf(request), ['KycStatusChanged'], isResult)
    try {
      const result = await parts.commands.run({
        request,
        ...consumerWay(parts),
        partitionKey: consumerId,
        outcomes: ['KycStatusChanged', 'ConsumerCommandRefused'],
        build: (meta) => ({
          type: 'RequestIdentityCheck' as const,
          meta,
          consumerId,
          checkId,
          documentRef: documentRef ?? null,
        }),
      })
      const begun = expectOutcome(result, 'KycStatusChanged')
      markReplay(c, result.replayed)
      const wasHeard = !result.replayed && (await reported.outcome.then(({ event }) => event).catch(() => null))
      const { status, final, reasons } = wasHeard || (await checkToday(parts, begun))
      return c.json({ checkId, status, final, reasons: [...reasons] }, 201)
    } finally {
      reported.cancel()
    }
  })
}

/** Where a check stands now; where a newer one has begun, how this one began is all that is known of it. */
async function checkToday(parts: ApiParts, begun: KycStatusChanged) {
  const { consumerId, checkId } = begun
  const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', consumerId, {
    partitionKey: consumerId,
  })
  return state?.kyc.checkId === checkId ? state.kyc : begun
}
