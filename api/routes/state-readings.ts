import { z } from '@hono/zod-openapi'
import type { ConsumerState, CreditState, MerchantState, WalletState } from '#schemas'
import type { ApiParts } from '../parts.ts'
import { Problem } from '../problems.ts'
import { idOf } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { consumerViewOf, merchantViewOf } from '../state-views.ts'
import { ConsumerView, MerchantView, PaymentMethodView, pageOf } from '../views.ts'

/** One's own state, by interactive query: what is committed, without the way over the read model. */
export function stateReadings(parts: ApiParts) {
  const app = routes()
  addConsumer(app, parts)
  addMerchants(app, parts)
  return app
}

function addConsumer(app: ApiRoutes, parts: ApiParts): void {
  const me = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: '/v1/consumers/me',
    operationId: 'getConsumer',
    tags: ['Consumers'],
    summary: 'The consumer, the identity check and the spending limit',
    responses: { 200: jsonAnswer(ConsumerView, 'The consumer.') },
  })
  app.openapi(me, async (c) => {
    const { id } = c.var.principal
    const [state, credit] = await Promise.all([
      parts.queries.get<ConsumerState>('consumers', 'consumers', id, { partitionKey: id }),
      parts.queries.get<CreditState>('credit', 'credit', id, { partitionKey: id }),
    ])
    if (state?.profile == null) throw new Problem(404, 'CONSUMER_UNKNOWN', `There is no ${id}.`)
    return c.json(consumerViewOf({ ...state, profile: state.profile }, credit), 200)
  })

  const methods = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: '/v1/consumers/me/payment-methods',
    operationId: 'listPaymentMethods',
    tags: ['Payments'],
    summary: 'The cards that are kept',
    responses: { 200: jsonAnswer(pageOf(PaymentMethodView), 'The cards.') },
  })
  app.openapi(methods, async (c) => {
    const { id } = c.var.principal
    const wallet = await parts.queries.get<WalletState>('payments', 'wallets', id, { partitionKey: id })
    // The token of a card is for the gateway only.
    const items = (wallet?.methods ?? []).map(({ token: _token, ...shown }) => shown)
    return c.json({ items, nextCursor: null }, 200)
  })
}

function addMerchants(app: ApiRoutes, parts: ApiParts): void {
  const merchant = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/merchants/me',
    operationId: 'getMerchant',
    tags: ['Merchants'],
    summary: 'The merchant and its terms',
    responses: { 200: jsonAnswer(MerchantView, 'The merchant.') },
  })
  app.openapi(merchant, async (c) => c.json(await merchantOf(parts, c.var.principal.id), 200))

  const anyMerchant = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/merchants/{merchantId}',
    operationId: 'getAnyMerchant',
    tags: ['Merchants'],
    summary: 'Any merchant and its terms',
    request: { params: z.object({ merchantId: idOf('mer') }) },
    responses: { 200: jsonAnswer(MerchantView, 'The merchant.') },
  })
  app.openapi(anyMerchant, async (c) => c.json(await merchantOf(parts, c.req.valid('param').merchantId), 200))
}

async function merchantOf({ queries }: ApiParts, id: string): Promise<z.infer<typeof MerchantView>> {
  const state = await queries.get<MerchantState>('merchants', 'merchants', id, { partitionKey: id })
  if (state?.account == null) throw new Problem(404, 'MERCHANT_UNKNOWN', `There is no ${id}.`)
  return merchantViewOf(id, state.account)
}
