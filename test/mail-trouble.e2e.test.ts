/** What becomes of mail that comes back: through SMTP, the provider's webhook, the topologies and the read model. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import type { Platform } from '#main/platform.ts'
import { codeFor } from './actors.ts'
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

/** Somebody new. What becomes of the mail with the code is over before the account is open: it changes nothing. */
async function opened(email: string, status: Row['status'] = 'SENT'): Promise<Tokens> {
  const born = { givenName: 'Mail', familyName: 'Test', dateOfBirth: '1990-05-17', country: 'DE' }
  const { registrationId } = await caller.post<{ registrationId: string }>('/v1/consumers', {
    ...{ key: `open-${email}`, body: { ...born, email } },
  })
  const first = async () => (await rowsOf(deriveId('con', email))).map((row) => row.status)
  await vi.waitFor(async () => expect(await first()).toEqual([status]), { timeout: 20_000, interval: 100 })
  const code = await codeFor(caller, email)
  const path = `/v1/registrations/${registrationId}/confirm`
  return caller.post<Tokens>(path, { key: `opened-${email}`, body: { email, code } })
}

/** Has a code sent by e-mail. */
async function ask(email: string): Promise<void> {
  await caller.post('/v1/password-resets', { key: `ask-${email}`, body: { email } })
}

async function asked(email: string, status?: Row['status']): Promise<Tokens> {
  const tokens = await opened(email, status)
  await ask(email)
  return tokens
}

async function rowsOf(consumerId: string): Promise<readonly Row[]> {
  await platform.sinks.postgres.catchUp(30_000)
  const database = platform.sinks.database
  const sql = 'SELECT status, failure_code, provider FROM notifications WHERE consumer_id = $1 ORDER BY status'
  return (await database.query(sql, [consumerId])) as unknown as readonly Row[]
}

test('a mail that bounces is returned, and its address is not proved any more', async () => {
  const { consumerId } = await asked('nobody+hard@example.com', 'RETURNED')
  await vi.waitFor(
    async () => {
      const returned = { status: 'RETURNED', failure_code: 'no_such_mailbox', provider: 'email-1' }
      expect(await rowsOf(consumerId)).toEqual([returned, returned])
    },
    { timeout: 20_000, interval: 100 },
  )
})

test('consumer and operator read what was sent and what became of it; nobody reads a code, or of others', async () => {
  const { token, consumerId } = await asked('reader+hard@example.com', 'RETURNED')
  type Listed = { items: { status: string; body: string; template: string; failureCode: string | null }[] }
  const own = () => caller.get<Listed>('/v1/consumers/me/notices', token)
  await vi.waitFor(
    async () => expect((await own()).items).toMatchObject([{ status: 'RETURNED' }, { status: 'RETURNED' }]),
    {
      timeout: 20_000,
    },
  )
  const { items } = await own()
  expect(items.map(({ template }) => template).sort()).toEqual(['code-password', 'code-registration'])
  expect(items[0]).toMatchObject({ failureCode: 'no_such_mailbox', provider: 'email-1' })
  expect(items[0]?.body).toContain('Your code is {code}.')
  const path = `/v1/consumers/${consumerId}/notices`
  expect(await caller.get<Listed>(path, platform.operatorToken)).toEqual({ items, nextCursor: null })
  expect((await caller.send('GET', path, { token })).status).toBe(403)
})

test('a complaint turns news off, whatever was chosen', async () => {
  const email = 'angry+spam@example.com'
  const { token } = await opened(email)
  const path = '/v1/consumers/me/notice-preferences'
  await caller.insist('PUT', path, { token, key: 'choose', body: { NEWS: { EMAIL: true, PUSH: true } } })
  await ask(email)
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
  await vi.waitFor(
    async () => expect((await rowsOf(consumerId)).map(({ status }) => status)).toEqual(['SENT', 'SENT']),
    {
      timeout: 20_000,
    },
  )
})

test('after all of it nothing is parked or given up', async () => {
  await platform.settle()
  type Status = { topologies: { app: string; deadLetters: number; parkedKeys: number }[] }
  const { topologies } = await caller.get<Status>('/v1/operations/status', platform.operatorToken)
  expect(topologies.filter(({ deadLetters, parkedKeys }) => deadLetters + parkedKeys > 0)).toEqual([])
})
