import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { announced, type Providers } from './providers.ts'
import { outboxRoutes } from './sandbox-outbox.ts'

const asked: string[] = []
const server = serve({
  fetch: ({ url }: Request) => {
    asked.push(new URL(url).pathname + new URL(url).search)
    return Response.json([{ text: 'Your code is 123456.' }])
  },
  hostname: '127.0.0.1',
  port: 0,
})
let outbox = ''
beforeAll(async () => {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  outbox = `http://127.0.0.1:${(server.address() as AddressInfo).port}/outbox`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('what the sandboxes sent', () => {
  test('is shown to one recipient', async () => {
    const answer = await outboxRoutes(() => outbox).request('/mail?to=a%2Bb@example.com')
    expect([answer.status, await answer.json()]).toEqual([200, [{ text: 'Your code is 123456.' }]])
    expect(asked).toEqual(['/outbox/mail?to=a%2Bb%40example.com'])
  })

  test.each(['/mail', '/sms', '/push', '/letters?to=a'])('is not there for nobody: %s', async (path) => {
    expect((await outboxRoutes(() => outbox).request(path)).status).toBe(404)
  })

  test('is not there where that is for nobody to see', async () => {
    expect((await outboxRoutes(() => null).request('/mail?to=a@example.com')).status).toBe(404)
  })
})

describe('other processes are told of the outbox', () => {
  const urls = { sms: 'http://127.0.0.1:2/sms' } as Providers['urls']
  const providers = { urls, outbox: 'http://127.0.0.1:2/outbox', isSandboxOnly: true, isSandboxGateway: true }

  test.each([
    ['where everything is a sandbox', providers, { ...urls, outbox: providers.outbox }],
    ['not beside a real provider: codes open accounts', { ...providers, isSandboxOnly: false }, urls],
    ['not where there is none', { ...providers, outbox: null, isSandboxOnly: false }, null],
  ])('%s', (_when, running, told) => {
    expect(announced(running)).toEqual(told)
  })
})
