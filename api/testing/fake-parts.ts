/** The parts of the API without a platform behind them, for tests of its surface. */
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { createApi } from '../app.ts'
import { MemoryCounter } from '../limits/memory-counter.ts'
import { openApiParts } from '../open-api-parts.ts'
import type { Operations } from '../operations.ts'
import type { ReadModel } from '../reads.ts'
import { TokenIssuer } from '../tokens.ts'

/** The operator's token. */
const OPERATOR_TOKEN = 'operator-token-of-the-tests'

const SECRET = 'secret of the tests'
const NOW = { timeMs: Date.parse('2026-03-01T09:30:00Z'), date: '2026-03-01' }
const issuer = new TokenIssuer(SECRET)
const consumerId = `con_${'a'.repeat(32)}`
const merchantId = `mer_${'b'.repeat(32)}`
const session = issuer.session(consumerId, 'cmd_1')
const apiKey = issuer.apiKey(merchantId, 'cmd_2')

/** Who can call. */
export const TOKENS = { consumer: session.access.token, merchant: apiKey.token, operator: OPERATOR_TOKEN } as const

/** What a test puts in the place of what is not there. */
export type FakeParts = {
  readonly reads?: Partial<ReadModel>
  readonly operations?: Partial<Operations>
  readonly requestsPerMinuteMax?: number
  /** Of the sandbox clock; null where business time is real. */
  readonly moveTo?: ((timeMs: number) => Promise<{ readonly settled: boolean }>) | null
}

const states: Readonly<Record<string, unknown>> = {
  [consumerId]: {
    sessions: [{ sessionId: session.id, tokenHash: session.access.hash, expiresAt: NOW.timeMs + 1 }],
  },
  [merchantId]: { apiKeys: [{ apiKeyId: apiKey.id, apiKeyHash: apiKey.hash }], account: null },
}

/** An API that knows one consumer, one merchant and the operator, and whatever the test gives it to read. */
export async function openFakeApi({ reads, operations, requestsPerMinuteMax, moveTo }: FakeParts = {}) {
  const schemas = testSchemas({ partitions: 1 })
  const log = memoryLog()
  await log.createTopics(Object.values(schemas.topics))
  const counter = new MemoryCounter()
  const parts = await openApiParts({
    ...{ log, schemas, secret: SECRET, operatorToken: OPERATOR_TOKEN, sessionDays: 30, accessMinutes: 15 },
    time: { now: () => NOW },
    queries: { get: (_app, _store, key) => Promise.resolve(states[key] as never) },
    reads: { ...nothingToRead, ...reads } as ReadModel,
    applied: { waitFor: () => Promise.resolve(true) },
    analytics: { days: () => Promise.resolve(null) },
    operations: { topologies: ['credit'], ...operations } as Operations,
    addressOf: () => '127.0.0.1',
    outcomeTimeoutMs: 50,
  })
  const sandboxClock = moveTo === null ? null : { now: () => NOW, moveTo: moveTo ?? (async () => ({ settled: true })) }
  const limits = { counter, requestsPerMinuteMax: requestsPerMinuteMax ?? 1_000_000 }
  return { app: createApi({ parts, sandboxClock, limits }), close: () => parts.close() }
}

const nothingToRead = {
  merchantOfCheckout: () => Promise.resolve(null),
  consumerOfPurchase: () => Promise.resolve(null),
  gatewayRoutes: () => Promise.resolve(null),
  ledgerPeriods: () => Promise.resolve([]),
  ledgerCloseDay: () => Promise.resolve(null),
  purchase: () => Promise.resolve(null),
  plan: () => Promise.resolve(null),
  decision: () => Promise.resolve(null),
  settlement: () => Promise.resolve(null),
  webhookDelivery: () => Promise.resolve(null),
  webhookEndpoints: () => Promise.resolve([]),
  settlementLines: () => Promise.resolve(null),
}
