import { getConnInfo } from '@hono/node-server/conninfo'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { createApi } from '#api/app.ts'
import { sameSecret } from '#api/auth.ts'
import { MemoryCounter } from '#api/limits/memory-counter.ts'
import { RedisCounter } from '#api/limits/redis-counter.ts'
import { notFoundHandler } from '#api/not-found.ts'
import { openApiParts } from '#api/open-api-parts.ts'
import { Problem, renderProblem } from '#api/problems.ts'
import { mailWebhookRoutes } from '#api/routes/mail-webhook.ts'
import { MailWebhook } from '#connectors/email/webhook.ts'
import type { GatewayName } from '#domain/gateway-names.ts'
import { readModel } from '#sinks/postgres/read/read-model.ts'
import { webPages } from '#web/pages.ts'
import { chargeBackCommands } from './charge-back-commands.ts'
import type { Closers } from './closers.ts'
import { stateQueries } from './cluster/state-queries.ts'
import { gatewayWebhooks } from './gateway-webhook.ts'
import { healthRoutes, pagesOf } from './health.ts'
import type { HttpParts } from './http-parts.ts'
import { mailReports } from './mail-reports.ts'
import { BooksMonitor } from './operations/books-monitor.ts'
import { platformOperations } from './operations/platform-operations.ts'
import { allowsPrivateWebhooks } from './run-connectors.ts'
import { cardTokenRoutes } from './sandbox-card-tokens.ts'
import { sandboxGatewayControls } from './sandbox-gateway-controls.ts'
import { outboxRoutes } from './sandbox-outbox.ts'
import { VERSION } from './version.ts'

/** Where the sandbox gateways are handed through. */
const SANDBOX_PATHS: Readonly<Record<GatewayName, string>> = {
  primary: '/sandbox/gateway',
  secondary: '/sandbox/gateway-2',
}

/** The API, the pages, the registry and the health of this process behind one port. */
export async function createHttpApp(parts: HttpParts, closers: Closers): Promise<Hono> {
  const { gateways, operatorToken, local, foundation } = parts
  const { registryRoutes, server, cluster } = foundation
  const app = new Hono()
  const gatewayUrl = gateways.isSandbox ? server.publicUrl + SANDBOX_PATHS.primary : gateways.url('primary')
  app.route('/', healthRoutes(local, { pages: pagesOf(server.publicUrl), peers: cluster.peers }))
  if (gateways.isSandbox) {
    app.route(
      SANDBOX_PATHS.primary,
      cardTokenRoutes(() => gateways.url('primary')),
    )
    for (const name of gateways.names) {
      const routes = sandboxGatewayControls(() => gateways.url(name), operatorOnly(operatorToken))
      app.route(SANDBOX_PATHS[name], routes)
    }
  }
  app.route('/sandbox/outbox', outboxRoutes(parts.outbox))
  if (registryRoutes !== null) {
    app.use('/registry/*', operatorWrites(operatorToken))
    app.route('/registry', registryRoutes)
  }
  const { storage, schemas } = foundation
  const chargeBacks = { log: storage.log, schemas, time: parts.clock, database: parts.reads.database }
  const onChargeBack = (gateway: GatewayName) => chargeBackCommands(chargeBacks, gateway)
  app.route('/', gatewayWebhooks({ secrets: parts.webhookSecrets, local, peers: cluster.peers, onChargeBack }))
  const onTrouble = mailReports({ log: storage.log, schemas, time: parts.clock })
  app.route('/', mailWebhookRoutes(new MailWebhook({ secret: parts.mailSecret, onTrouble })))
  app.route('/', webPages({ gatewayUrl, sandbox: gateways.isSandbox, version: VERSION }))
  const api = await openApi(parts, closers)
  app.route('/', api)
  app.notFound(notFoundHandler(api))
  app.onError(renderProblem)
  return app
}

/** For the operator's bearer token. */
function operatorOnly(operatorToken: string): MiddlewareHandler {
  return async (c, next) => {
    if (!sameSecret(c.req.header('authorization') ?? '', `Bearer ${operatorToken}`)) {
      throw new Problem(401, 'NOT_SIGNED_IN', 'Send the operator token as a bearer token.')
    }
    return next()
  }
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
  const { foundation, local, reads, clock, operatorToken, tokenSecret, gateways } = parts
  const { settings, storage, schemas, cluster } = foundation
  const counter = settings.REDIS_URL === null ? new MemoryCounter() : await RedisCounter.connect(settings.REDIS_URL)
  closers.add('the request counter', () => counter.close())
  const books = new BooksMonitor(reads.database)
  books.start()
  closers.add('the monitor of the books', () => books.close())
  const apiParts = await openApiParts({
    ...{ log: storage.log, schemas, time: clock, operatorToken, addressOf },
    queries: stateQueries(local, cluster.peers),
    reads: readModel(reads.database),
    applied: reads.applied,
    analytics: reads.merchantAnalytics,
    operations: platformOperations(local, cluster.peers, clock, books),
    secret: tokenSecret,
    gateways: gateways.names,
    privateWebhooks: allowsPrivateWebhooks(settings),
    sessionDays: settings.SESSION_DAYS,
    accessMinutes: settings.ACCESS_MINUTES,
  })
  closers.add('the outcome tail', () => apiParts.close())
  const limits = { counter, requestsPerMinuteMax: settings.REQUESTS_PER_MINUTE_MAX }
  return createApi({ parts: apiParts, sandboxClock: clock, limits })
}

/** The socket's address; headers that name another one can be made up by whoever sends them. */
function addressOf(c: Context): string {
  return getConnInfo(c).remote.address ?? 'unknown'
}
