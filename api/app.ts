import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { limitBody } from './limits/body-limit.ts'
import type { Counter } from './limits/counter.ts'
import { rateLimit } from './limits/rate-limit.ts'
import { requireUtf8 } from './limits/utf8-body.ts'
import { notFoundHandler } from './not-found.ts'
import type { ApiParts } from './parts.ts'
import type { SandboxClock } from './ports.ts'
import { renderProblem } from './problems.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { booksRoutes } from './routes/books.ts'
import { checkoutRoutes } from './routes/checkouts.ts'
import { confirmationRoutes } from './routes/confirmations.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { creditRuleRoutes } from './routes/credit-rules.ts'
import { decisionReadings } from './routes/decision-readings.ts'
import { disputeRoutes } from './routes/disputes.ts'
import { gatewayRouteRoutes } from './routes/gateway-routes.ts'
import { lateFeeRoutes } from './routes/late-fees.ts'
import { ledgerPeriodRoutes } from './routes/ledger-periods.ts'
import { limitReadings } from './routes/limit-readings.ts'
import { merchantApplicationRoutes } from './routes/merchant-applications.ts'
import { merchantReadings } from './routes/merchant-readings.ts'
import { merchantTermsRoutes } from './routes/merchant-terms.ts'
import { merchantRoutes } from './routes/merchants.ts'
import { noticePreferenceRoutes } from './routes/notice-preferences.ts'
import { noticeReadings } from './routes/notice-readings.ts'
import { operationsRoutes } from './routes/operations.ts'
import { passwordRoutes } from './routes/passwords.ts'
import { paymentRoutes } from './routes/payments.ts'
import { planCareRoutes } from './routes/plan-care.ts'
import { planPaymentRoutes } from './routes/plan-payments.ts'
import { planServicingRoutes } from './routes/plan-servicing.ts'
import { purchaseReadings } from './routes/purchase-readings.ts'
import { purchaseRoutes } from './routes/purchases.ts'
import { refundPreview } from './routes/refund-preview.ts'
import { registrationRoutes } from './routes/registrations.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { sandboxRoutes } from './routes/sandbox.ts'
import { sessionEnds } from './routes/session-ends.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { settlementFileRoutes } from './routes/settlement-files.ts'
import { stateReadings } from './routes/state-readings.ts'
import { statementRoutes } from './routes/statements.ts'
import { verificationRoutes } from './routes/verifications.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { type ApiRoutes, routes } from './routing.ts'

/** What the API is put together from. */
export type ApiOptions = {
  readonly parts: ApiParts
  /** The clock where it may be moved by hand; null where business time is real time. */
  readonly sandboxClock: SandboxClock | null
  readonly limits: { readonly counter: Counter; readonly requestsPerMinuteMax: number }
}

/** The HTTP API: commands in, views out. It is a plain fetch handler; `main` puts it behind a port. */
export function createApi({ parts, sandboxClock, limits }: ApiOptions): ApiRoutes {
  const app = routes()
  app.onError(renderProblem)
  app.use(requestId({ limitLength: 128 }))
  app.use(secureHeaders())
  app.use('/v1/*', rateLimit({ ...limits, addressOf: parts.addressOf }))
  app.use('/v1/*', limitBody())
  app.use('/v1/*', requireUtf8())
  app.use('/v1/*', async (c, next) => {
    await next()
    // Answers hold tokens and what people owe: no cache on the way keeps them.
    c.header('cache-control', 'no-store')
  })
  const groups = [
    registrationRoutes(parts),
    consumerRoutes(parts),
    sessionRoutes(parts),
    sessionEnds(parts),
    passwordRoutes(parts),
    verificationRoutes(parts),
    noticePreferenceRoutes(parts),
    noticeReadings(parts),
    merchantRoutes(parts),
    merchantApplicationRoutes(parts),
    merchantTermsRoutes(parts),
    apiKeyRoutes(parts),
    checkoutRoutes(parts),
    confirmationRoutes(parts),
    purchaseRoutes(parts),
    paymentRoutes(parts),
    planPaymentRoutes(parts),
    planServicingRoutes(parts),
    planCareRoutes(parts),
    lateFeeRoutes(parts),
    disputeRoutes(parts),
    stateReadings(parts),
    statementRoutes(parts),
    purchaseReadings(parts),
    refundPreview(parts),
    merchantReadings(parts),
    settlementFileRoutes(parts),
    webhookRoutes(parts),
    decisionReadings(parts),
    creditRuleRoutes(parts),
    limitReadings(parts),
    reviewRoutes(parts),
    operationsRoutes(parts),
    gatewayRouteRoutes(parts),
    booksRoutes(parts),
    ledgerPeriodRoutes(parts),
    sandboxRoutes(parts, sandboxClock),
  ]
  for (const group of groups) app.route('/', group)
  describe(app)
  app.notFound(notFoundHandler(app))
  return app
}

function describe(app: ApiRoutes): void {
  const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const
  app.openAPIRegistry.registerComponent('securitySchemes', 'consumer', bearer('A session token of a consumer (fs_…).'))
  app.openAPIRegistry.registerComponent('securitySchemes', 'merchant', bearer('An API key of a merchant (fm_…).'))
  app.openAPIRegistry.registerComponent('securitySchemes', 'operator', bearer('The operator token of the platform.'))
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Fourfold',
      version: '0.1.0',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description:
        'Buy now, pay later. Amounts are whole minor units (cents) with an ISO 4217 currency. Errors are RFC 9457 ' +
        'problem details with a stable `code`. A POST with an Idempotency-Key can be repeated: the same key and body ' +
        'give the same answer, marked by the header Idempotent-Replayed. Every answer has an X-Request-Id: yours, ' +
        'where you sent one. Fields can be added to answers at any time; unknown fields of requests are refused.',
    },
    servers: [{ url: '/' }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
  })
}

const TAGS = [
  ['Consumers', 'Accounts, sessions and identity checks.'],
  ['Merchants', 'Onboarding, status and API keys.'],
  ['Checkouts', 'A basket that is offered, taken and confirmed.'],
  ['Purchases', 'What was confirmed: capture, release, refund.'],
  ['Disputes', 'What a consumer or the card network finds wrong with a purchase.'],
  ['Plans', 'How a purchase is paid back.'],
  ['Payments', 'Cards and charges.'],
  ['Settlements', 'What a merchant is paid.'],
  ['Webhooks', 'Being told of purchases, disputes and payouts.'],
  ['Decisions', 'Approvals and refusals with their reasons.'],
  ['Analytics', 'Numbers by day.'],
  ['Ledger', 'The books, and what must hold of them.'],
  ['Operations', 'For whoever runs the platform.'],
  ['Sandbox', 'The clock of business time.'],
] as const
