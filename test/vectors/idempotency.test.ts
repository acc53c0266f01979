/** The same request twice, and what other parties tell us twice, late or forged. */
import { afterAll, beforeAll } from 'vitest'
import { GatewayWebhook } from '#connectors/payment-gateway/webhook.ts'
import { signWebhook } from '#connectors/runtime/signed-webhook.ts'
import { type ApiUnderTest, openApiUnderTest } from '../api/api-under-test.ts'
import { ask, openShop, type ProblemBody, type Shop } from '../api/shop-floor.ts'
import { vectors } from './text-table.ts'

let api: ApiUnderTest
let shops: ReadonlyMap<string, Shop>

beforeAll(async () => {
  api = await openApiUnderTest()
  shops = new Map([
    ['kiosk', await openShop(api.app)],
    ['discs', await openShop(api.app)],
  ])
})
afterAll(() => api.close())

vectors(
  'POST /v1/checkouts by a shop with a key and an amount, one after the other',
  `
  | requests                                | gives                                     |
  | kiosk a1 100, kiosk a1 100              | 201, 201 replayed                         |
  | kiosk a2 100, kiosk a2 200              | 201, 422 IDEMPOTENCY_KEY_REUSED           |
  | kiosk a3 100, kiosk b3 100              | 201, 201                                  |
  | kiosk a4 100, discs a4 200              | 201, 201                                  |
  | kiosk a5 -1, kiosk a5 100               | 400 VALIDATION_FAILED, 201                  |
  | kiosk a6 100, kiosk a6 100, kiosk a6 100 | 201, 201 replayed, 201 replayed          |
  `,
  async (row) => {
    const answers: string[] = []
    for (const request of row.list('requests')) {
      const [shop = '', key = '', amountMinor] = request.split(' ')
      const token = shops.get(shop)?.token ?? ''
      const body = { amountMinor: Number(amountMinor), currency: 'USD' }
      const answer = await ask<ProblemBody | null>(api.app, 'POST', '/v1/checkouts', { token, key, body })
      const code = answer.status >= 400 ? answer.body?.code : undefined
      const replayed = answer.headers.get('idempotent-replayed') === 'true' ? 'replayed' : undefined
      answers.push([answer.status, code, replayed].filter((part) => part !== undefined).join(' '))
    }
    return answers.join(', ')
  },
)

vectors(
  'webhooks of the gateway: event, who signed it, how old it is; one after the other',
  `
  | webhooks                                             | gives                       |
  | charge.succeeded evt_1 ours 0s                       | accepted                    |
  | charge.succeeded evt_1 ours 0s, charge.succeeded evt_1 ours 0s | accepted, duplicate |
  | charge.succeeded evt_1 ours 0s, charge.failed evt_2 ours 0s | accepted, accepted     |
  | charge.disputed evt_1 ours 0s                        | ignored                     |
  | charge.succeeded evt_1 theirs 0s                     | WEBHOOK_SIGNATURE_INVALID   |
  | charge.succeeded evt_1 nobody 0s                     | WEBHOOK_SIGNATURE_MISSING   |
  | charge.succeeded evt_1 ours 300s                     | accepted                    |
  | charge.succeeded evt_1 ours 301s                     | WEBHOOK_SIGNATURE_EXPIRED   |
  `,
  async (row) => {
    const nowS = 1_800_000_000
    const webhook = new GatewayWebhook({
      secret: 'ours',
      onCharge: () => undefined,
      onChargeBack: async () => undefined,
      nowMs: () => nowS * 1000,
    })
    const outcomes: string[] = []
    for (const text of row.list('webhooks')) {
      const [name, id, signer = '', age = ''] = text.split(' ')
      const data = { id: 'ch_1', idempotencyKey: 'req_1', status: 'succeeded', amountMinor: 1, currency: 'USD' }
      const body = Buffer.from(JSON.stringify({ id, name, data: { ...data, reference: 'pay_1' } }))
      const signature = signer === 'nobody' ? undefined : signWebhook(body, signer, nowS - Number.parseInt(age, 10))
      outcomes.push(
        await webhook.receive(body, signature).catch((error: unknown) => (error as { readonly code: string }).code),
      )
    }
    return outcomes.join(', ')
  },
)
