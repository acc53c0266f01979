import { getConnInfo } from '@hono/node-server/conninfo'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { createApi } from '#api/app.ts'
import { sameSecret } from '#api/auth.ts'
import { MemoryCounter } from '#api/limits/memory-counter.ts'
import { RedisCounter } from '#api/limits/redis-counter.ts'
import { notFoundHandler } from '#api/not-found.ts'
import { openApiParts } from '#api/open-api-parts.ts'
import { renderProblem } from '#api/problems.ts'
import { gatewayWebhookRoutes } from '#api/routes/gateway-webhook.ts'
import { GatewayWebhook } from '#connectors/payment-gateway/webhook.ts'
import { readModel } from '#sinks/postgres/read/read-model.ts'
import { webPages } from '#web/pages.ts'
import type { Closers } from './closers.ts'
import { healthRoutes } from './health.ts'
import type { HttpParts } from './http-parts.ts'
import { platformOperations } from './operations/platform-operations.ts'
import { cardTokenRoutes } from './sandbox-card-tokens.ts'
import { stateQueries } from './state-queries.ts'
import { VERSION } from './version.ts'

const TOKENS_PATH = '/sandbox/gateway'

/** The API, the pages, the registry and the health of this process behind one port. */
export async function createHttpApp(parts: HttpParts, closers: Closers): Promise<Hono> {
  const { registryRoutes, providers, publicUrl } = parts
  const app = new Hono()
  const gatewayUrl = providers.isSandboxGateway ? publicUrl + TOKENS_PATH : providers.urls.gateway
  app.route('/', healthRoutes(parts))
  if (providers.isSandboxGateway) app.route(TOKENS_PATH, cardTokenRoutes(providers.urls.gateway))
  if (registryRoutes !== null) {
    app.use('/registry/*', operatorWrites(parts.operatorToken))
    app.route('/registry', registryRoutes)
  }
  app.route('/', gatewayWebhookRoutes(webhookOf(parts)))
  app.route('/', webPages({ gatewayUrl, sandbox: providers.isSandboxGateway, version: VERSION }))
  const api = await openApi(parts, closers)
  app.route('/', api)
  app.notFound(notFoundHandler(api))
  app.onError(renderProblem)
  return app
}

/** Anybody may read the schemas; only the operator changes them. The platform's own client does not come this way. */
function operatorWrites(operatorToken: string): MiddlewareHandler {
  return async (c, next) => {
    const isRead = c.req.method === 'GET'
    if (!isRead && !sameSecret(c.req.header('authorization') ?? '', `Bearer ${operatorToken}`)) {
      return c.json(
        { error_code: 40101, message: 'Only the operator may change the registry: send its bearer token.' },
        401,
      )
    }
    return next()
  }
}

async function openApi(parts: HttpParts, closers: Closers) {
  const { settings, storage, schemas, running, sinks, clock, operatorToken } = parts
  const counter = settings.REDIS_URL === null ? new MemoryCounter() : await RedisCounter.connect(settings.REDIS_URL)
  closers.add('the request counter', () => counter.close())
  const apiParts = await openApiParts({
    ...{ log: storage.log, schemas, time: clock, counter, operatorToken, addressOf },
    queries: stateQueries(running.apps),
    reads: readModel(sinks.database),
    applied: sinks.postgres,
    analytics: sinks.merchantAnalytics,
    operations: platformOperations(parts),
    secret: parts.tokenSecret,
    sessionDays: settings.SESSION_DAYS,
  })
  closers.add('the outcome tail', () => apiParts.close())
  const limits = { counter, requestsPerMinuteMax: settings.REQUESTS_PER_MINUTE_MAX }
  return createApi({ parts: apiParts, sandboxClock: clock, limits })
}

/** The socket's address; headers that name another one can be made up by whoever sends them. */
function addressOf(c: Context): string {
  return getConnInfo(c).remote.address ?? 'unknown'
}

/** What the gateway says of a charge ends the pause of a request whose answer was lost. */
function webhookOf({ webhookSecret, connectors }: HttpParts): GatewayWebhook {
  return new GatewayWebhook({
    secret: webhookSecret,
    onCharge: (event) => connectors.gateway.wake(event.data.idempotencyKey),
  })
}
