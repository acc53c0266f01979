/**
 * No password, code or token stands anywhere in plain: in no topic (changelogs included), no table, no file of the
 * data directory, no line that is printed. The codes are read where a person reads them: in the mail and the SMS
 * that the sandbox providers got.
 */
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { oneTimeCodeHash } from '#domain/one-time-code.ts'
import type { Platform } from '#main/platform.ts'
import { dumpTables } from '#sinks/testing/dump-tables.ts'
import { addCard, openShop } from './actors.ts'
import { Caller } from './caller.ts'
import { newDirectory, openPlatform, removeDirectories } from './test-platform.ts'
import { everythingIn, filesOf } from './written-down.ts'

type Tokens = { readonly token: string; readonly refreshToken: string }
type Asked = { readonly registrationId: string; readonly verificationId: string; readonly resetId: string }

const EMAIL = 'whisper@example.com'
const PHONE = '+14155550188'
const PASSWORD = 'a-password-nobody-would-write-down'
const NEW_PASSWORD = 'another-password-of-the-same-kind'
const WRONG_PASSWORD = 'a-password-that-was-never-right'

afterAll(removeDirectories)
afterEach(() => {
  vi.restoreAllMocks()
})

test('no password, code or token is found in any topic, table, file or line that is printed', async () => {
  const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockReturnValue())
  const directory = newDirectory('secrets')
  const platform = await openPlatform(directory)
  const secrets = new Map<string, string>()
  let tables: string
  let topics: string
  try {
    const caller = new Caller(platform.server.localUrl)
    const keep = <T extends Tokens>(name: string, tokens: T): T => {
      secrets.set(`access token ${name}`, tokens.token).set(`refresh token ${name}`, tokens.refreshToken)
      return tokens
    }
    for (const password of [PASSWORD, NEW_PASSWORD, WRONG_PASSWORD]) secrets.set(password, password)
    const shop = await openShop(caller, platform.operatorToken, 'Whisper')
    secrets.set('API key', shop.apiKey)

    const body = { email: EMAIL, phone: PHONE, password: PASSWORD, dateOfBirth: '1990-05-17', country: 'US' }
    const named = { ...body, givenName: 'Wim', familyName: 'Whisper' }
    const { registrationId } = await caller.post<Asked>('/v1/consumers', { key: 'r', body: named })
    const opening = { email: EMAIL, code: await mailOf(platform) }
    secrets.set('code for the account', opening.code)
    const confirm = { key: 'o', body: opening }
    const opened = await caller.post<Tokens>(`/v1/registrations/${registrationId}/confirm`, confirm)
    const first = keep('of the registration', opened)
    await addCard(caller, first.token, 'whisper')
    const refreshBody = { refreshToken: first.refreshToken }
    const next = keep(
      'of a refresh',
      await caller.post<Tokens>('/v1/sessions/refresh', { key: 'n', body: refreshBody }),
    )
    await caller.send('POST', '/v1/sessions', { body: { email: EMAIL, password: WRONG_PASSWORD } })
    const credentials = { email: EMAIL, password: PASSWORD }
    const signedIn = keep('of a sign-in', await caller.post<Tokens>('/v1/sessions', { body: credentials }))
    await caller.send('GET', '/v1/consumers/me', { token: `${signedIn.token}x` })

    const path = '/v1/consumers/me/verifications'
    const { verificationId } = await caller.post<Asked>(path, { token: next.token, body: { contact: 'PHONE' } })
    const text = await smsOf(platform)
    secrets.set('code for the phone', text)
    await caller.post(`${path}/${verificationId}/confirm`, { token: next.token, body: { code: text } })
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    await caller.insist('PUT', '/v1/consumers/me/password', { token: next.token, body: change })
    const { resetId } = await caller.post<Asked>('/v1/password-resets', { body: { email: EMAIL } })
    const code = await mailOf(platform)
    secrets.set('code for a password', code)
    await caller.insist('POST', `/v1/password-resets/${resetId}/confirm`, {
      body: { email: EMAIL, code, newPassword: PASSWORD },
    })
    expect(await caller.get('/v1/consumers/me', keep('at last', await signIn(caller)).token)).toMatchObject({
      emailVerified: true,
      phoneVerified: true,
    })
    expect(await platform.settle()).toBe(true)
    topics = await everythingIn(platform)
    tables = JSON.stringify(await dumpTables(platform.sinks.database))
  } finally {
    await platform.close()
  }
  const places: Readonly<Record<string, string>> = {
    topics,
    tables,
    files: filesOf(directory),
    print: JSON.stringify(printed.map(({ mock }) => mock.calls)),
  }
  expect(secrets.size).toBe(15)
  for (const place of ['topics', 'tables', 'files']) expect(places[place]).toContain(EMAIL)
  const found = [...secrets].flatMap(([name, secret]) =>
    Object.entries(places).flatMap(([place, text]) => (stands(secret, text) ? [`${name} in ${place}`] : [])),
  )
  expect(found).toEqual([])
}, 120_000)

test('the search finds a secret where there is one', () => {
  expect(stands('314159', 'Your code is 314159.')).toBe(true)
  expect(stands('314159', 'a hash: 0a314159ff')).toBe(false)
  expect(oneTimeCodeHash('secret', 'cod_1', '314159')).not.toContain('314159')
})

function signIn(caller: Caller): Promise<Tokens> {
  return caller.post<Tokens>('/v1/sessions', { body: { email: EMAIL, password: PASSWORD } })
}

/** Six digits in the middle of a hash or a number are no code. */
function stands(secret: string, text: string): boolean {
  return /^\d+$/.test(secret)
    ? new RegExp(`(?<![0-9A-Za-z])${secret}(?![0-9A-Za-z])`).test(text)
    : text.includes(secret)
}

/** The code in the newest message; a message is on its way for a moment. */
async function newest(platform: Platform, path: string, textOf: (message: never) => string): Promise<string> {
  let code = ''
  await vi.waitFor(
    async () => {
      const response = await fetch(`${platform.providers.outbox}${path}`)
      const texts = ((await response.json()) as never[]).map(textOf)
      code = texts.flatMap((text) => /code is (\d{6})/.exec(text)?.[1] ?? []).at(-1) ?? ''
      expect(code).not.toBe('')
      expect(read.has(code)).toBe(false)
    },
    { timeout: 20_000 },
  )
  read.add(code)
  return code
}
const read = new Set<string>()

function mailOf(platform: Platform): Promise<string> {
  return newest(platform, `/mail?to=${encodeURIComponent(EMAIL)}`, ({ text }: { text: string }) => text)
}

function smsOf(platform: Platform): Promise<string> {
  const path = `/sms?to=${encodeURIComponent(PHONE)}`
  return newest(platform, path, ({ fields }: { fields: { text: string } }) => fields.text)
}
