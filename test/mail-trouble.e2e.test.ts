/** What becomes of mail that comes back: through SMTP, the provider's webhook, the topologies and the read model. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { Caller } from './caller.ts'
import { newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller

beforeAll(async () => {
  platform = await openPlatform(newDirectory('mail-trouble'))
  caller = new Caller(platform.server.localUrl)
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

type Tokens = { readonly consumerId: string; readonly token: string }
type Row = { readonly status: string; readonly failure_code: string | null; readonly provider: string | null }

/** Somebody new. */
function opened(email: string): Promise<Tokens> {
  const born = { givenName: 'Mail', familyName: 'Test', dateOfBirth: '1990-05-17', country: 'DE' }
  return caller.post<Tokens>('/v1/consumers', { key: `open-${email}`, body: { ...born, email } })
}

/** Has a code sent by e-mail: the first mail to them. */
async function ask({ token, consumerId }: Tokens): Promise<void> {
  const body = { contact: 'EMAIL' }
  await caller.post('/v1/consumers/me/verifications', { token, key: `ask-${consumerId}`, body })
}

async function asked(email: string): Promise<Tokens> {
  const tokens = await opened(email)
  await ask(tokens)
  return tokens
}

async function rowsOf(consumerId: string): Promise<readonly Row[]> {
  await platform.sinks.postgres.catchUp(30_000)
  const database = platform.sinks.database
  const sql = 'SELECT status, failure_code, provider FROM notifications WHERE consumer_id = $1 ORDER BY status'
  return (await database.query(sql, [consumerId])) as unknown as readonly Row[]
}

test('a mail that bounces is returned, and its address is not proved any more', async () => {
  const { consumerId } = await asked('nobody+hard@example.com')
  await vi.waitFor(
    async () => {
      expect(await rowsOf(consumerId)).toEqual([
        { status: 'RETURNED', failure_code: 'no_such_mailbox', provider: 'email-1' },
      ])
    },
    { timeout: 20_000, interval: 100 },
  )
})

test('consumer and operator read what was sent and what became of it; nobody reads a code, or of others', async () => {
  const { token, consumerId } = await asked('reader+hard@example.com')
  type Listed = { items: { status: string; body: string; template: string; failureCode: string | null }[] }
  const own = () => caller.get<Listed>('/v1/consumers/me/notices', token)
  await vi.waitFor(async () => expect((await own()).items).toMatchObject([{ status: 'RETURNED' }]), { timeout: 20_000 })
  const { items } = await own()
  expect(items).toMatchObject([{ template: 'code-email', failureCode: 'no_such_mailbox', provider: 'email-1' }])
  expect(items[0]?.body).toContain('Your code is {code}.')
  const path = `/v1/consumers/${consumerId}/notices`
  expect(await caller.get<Listed>(path, platform.operatorToken)).toEqual({ items, nextCursor: null })
  expect((await caller.send('GET', path, { token })).status).toBe(403)
})

test('a complaint turns news off, whatever was chosen', async () => {
  const tokens = await opened('angry+spam@example.com')
  const { token } = tokens
  const path = '/v1/consumers/me/notice-preferences'
  await caller.insist('PUT', path, { token, key: 'choose', body: { NEWS: { EMAIL: true, PUSH: true } } })
  await ask(tokens)
  await vi.waitFor(
    async () => {
      const preferences = await caller.get<Record<string, object>>(path, token)
      expect(preferences['NEWS']).toEqual({ EMAIL: false, SMS: false, PUSH: false })
    },
    { timeout: 20_000 },
  )
})

test('what is not signed by the provider changes nothing', async () => {
  const { consumerId } = await asked('fine@example.com')
  const event = {
    ...{ id: 'mev_forged', name: 'mail.bounced' },
    data: { recipient: 'fine@example.com', reason: 'x', metadata: { consumer: consumerId, notice: 'ntf_1' } },
  }
  const answer = await fetch(`${platform.server.localUrl}/v1/webhooks/mail`, {
    ...{ method: 'POST', body: JSON.stringify(event) },
    headers: { 'mail-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' })
  await platform.settle()
  await vi.waitFor(async () => expect((await rowsOf(consumerId)).map(({ status }) => status)).toEqual(['SENT']), {
    timeout: 20_000,
  })
})

test('after all of it nothing is parked or given up', async () => {
  await platform.settle()
  type Status = { topologies: { app: string; deadLetters: number; parkedKeys: number }[] }
  const { topologies } = await caller.get<Status>('/v1/operations/status', platform.operatorToken)
  expect(topologies.filter(({ deadLetters, parkedKeys }) => deadLetters + parkedKeys > 0)).toEqual([])
})
