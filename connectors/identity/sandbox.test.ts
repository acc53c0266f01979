import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type IdentitySandbox, identitySandbox } from './sandbox.ts'

const person = {
  reference: 'chk_1',
  givenName: 'Jo',
  familyName: 'Miller',
  dateOfBirth: '1970-01-01',
  country: 'US',
  email: 'jo@example.com',
}

async function begin(
  { app }: IdentitySandbox,
  body: object,
  key = 'req_1',
): Promise<[number, Record<string, unknown>]> {
  const init = { method: 'POST', headers: { 'idempotency-key': key }, body: JSON.stringify(body) }
  const response = await app.request('/v1/checks', init)
  return [response.status, (await response.json()) as Record<string, unknown>]
}

async function look({ app }: IdentitySandbox, id: unknown): Promise<unknown> {
  return (await app.request(`/v1/checks/${String(id)}`)).json()
}

test('ends a review when its time is over', async () => {
  let nowMs = 0
  const sandbox = identitySandbox({ reviewMs: 1_000, nowMs: () => nowMs })
  const [status, check] = await begin(sandbox, { ...person, email: 'Jo+Review@example.com' })
  expect([status, check]).toEqual([
    201,
    {
      id: expect.stringMatching(/^idc_review_/),
      status: 'needs_review',
      final: false,
      reasons: ['name_mismatch'],
      version: 1,
    },
  ])
  nowMs = 999
  expect(await look(sandbox, check.id)).toEqual(check)
  nowMs = 1_000
  expect(await look(sandbox, check.id)).toEqual({
    id: check.id,
    status: 'approved',
    final: true,
    reasons: [],
    version: 2,
  })
})

test('a mark counts in the local part only', async () => {
  const [, check] = await begin(identitySandbox(), { ...person, email: 'jo@mail+decline.example.com' })
  expect(check).toMatchObject({ status: 'approved', final: true })
})

test('the same key is the same check, also after a restart; with another person it is refused', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-identity-'))
  try {
    const first = identitySandbox({ directory })
    const answer = await begin(first, person)
    expect(await begin(first, person)).toEqual(answer)
    await first.close()
    const second = identitySandbox({ directory })
    expect(await begin(second, person)).toEqual(answer)
    expect(await look(second, answer[1].id)).toEqual(answer[1])
    const [status, body] = await begin(second, { ...person, givenName: 'Al' })
    expect([status, body]).toEqual([409, { error: expect.objectContaining({ code: 'idempotency_key_reused' }) }])
    await second.close()
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test.each(Object.keys(person))('refuses a person without %s', async (field) => {
  const [status, body] = await begin(identitySandbox(), { ...person, [field]: '' })
  expect([status, body]).toEqual([422, { error: { code: 'check_invalid', message: `${field} is needed.` } }])
})

test('knows no check that it did not begin', async () => {
  expect(await look(identitySandbox(), 'idc_approve_0')).toMatchObject({ error: { code: 'check_unknown' } })
})
