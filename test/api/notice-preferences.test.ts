/** Which notices a consumer wants, through the API, over the real topologies in memory. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, openApiUnderTest } from './api-under-test.ts'
import { ask, must, register } from './shop-floor.ts'

const PATH = '/v1/consumers/me/notice-preferences'

let under: ApiUnderTest
let app: ApiUnderTest['app']

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 2_000 })
  app = under.app
})
afterAll(() => under.close())

describe('notice preferences', () => {
  test('are the default until something is chosen, and what was chosen from then on', async () => {
    const { token } = await register(app, { phone: '+14155550123' })
    const before = await must<Record<string, object>>(app, 'GET', PATH, { token })
    expect(before).toEqual({
      REMINDERS: { EMAIL: true, SMS: false, PUSH: true },
      RECEIPTS: { EMAIL: true, SMS: false, PUSH: false },
      ACCOUNT: { EMAIL: true, SMS: false, PUSH: false },
      STATEMENTS: { EMAIL: true, SMS: false, PUSH: false },
      NEWS: { EMAIL: false, SMS: false, PUSH: false },
    })
    const body = { REMINDERS: { SMS: true, PUSH: false }, NEWS: { EMAIL: true } }
    const changed = await ask(app, 'PUT', PATH, { token, body })
    expect(changed.status).toBe(200)
    expect(changed.body).toEqual({
      ...before,
      ...{ REMINDERS: { EMAIL: true, SMS: true, PUSH: false }, NEWS: { EMAIL: true, SMS: false, PUSH: false } },
    })
    expect(await must(app, 'GET', PATH, { token })).toEqual(changed.body)
    await must(app, 'PUT', PATH, { token, body: {} })
    expect(await must(app, 'GET', PATH, { token })).toEqual(before)
  })

  test.each([
    ['a category that there is not', { GOSSIP: { EMAIL: true } }, 400],
    ['what the law asks for', { LEGAL: { EMAIL: false } }, 400],
    ['a channel that there is not', { NEWS: { FAX: true } }, 400],
    ['a word in place of yes or no', { NEWS: { EMAIL: 'yes' } }, 400],
    ['a list', [], 400],
  ])('refuse %s', async (_what, body, status) => {
    const { token } = await register(app)
    const answer = await ask<{ code: string }>(app, 'PUT', PATH, { token, body })
    expect([answer.status, answer.body.code]).toEqual([status, 'VALIDATION_FAILED'])
  })

  test('refuse text messages where there is no phone', async () => {
    const { token } = await register(app)
    const answer = await ask(app, 'PUT', PATH, { token, body: { REMINDERS: { SMS: true } } })
    expect(answer.body).toMatchObject({ code: 'PHONE_MISSING' })
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })

  test('are nobody else’s', async () => {
    expect((await ask(app, 'GET', PATH)).status).toBe(401)
  })
})
