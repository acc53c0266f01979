import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { JsonClient } from './json-client.ts'
import { ProviderUnavailable } from './provider-error.ts'

let server: Server | undefined
const open: JsonClient[] = []
const { signal } = new AbortController()

afterEach(() => {
  for (const client of open.splice(0)) client.close()
  server?.close()
  server?.closeAllConnections()
})

/** A client of a server that does this. */
async function clientOf(listener: RequestListener, user = ''): Promise<JsonClient> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = new JsonClient(`http://${user}127.0.0.1:${port}/base/`)
  open.push(client)
  return client
}

test('sends JSON with the key under the path of its URL, and gives the answer', async () => {
  const client = await clientOf((request, response) => {
    const { 'idempotency-key': key, authorization } = request.headers
    request.setEncoding('utf8').once('data', (body) => {
      response.writeHead(402).end(JSON.stringify({ key, authorization, body, to: `${request.method} ${request.url}` }))
    })
  }, 'me:p%40ss@')
  const answer = await client.send({ method: 'POST', path: '/v1/x', body: { a: 'ü' }, idempotencyKey: 'k', signal })
  expect(answer).toEqual({
    status: 402,
    body: { key: 'k', authorization: `Basic ${btoa('me:p@ss')}`, body: '{"a":"ü"}', to: 'POST /base/v1/x' },
  })
})

test('uses one connection for one request after the other', async () => {
  const ports = new Set<number | undefined>()
  const client = await clientOf((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('{}')
  })
  for (let count = 0; count < 5; count++) await client.send({ method: 'GET', path: '/', signal })
  expect(ports.size).toBe(1)
})

test.each([
  [500, '{}', true],
  [502, '', true],
  [503, '{}', false],
  [429, '{}', false],
  [401, '{}', false],
  [200, '<html>', true],
  [404, '<html>', false],
])('answers of %i %s are no answer; that it acted is possible: %s', async (status, text, mayHaveActed) => {
  const client = await clientOf((_, response) => response.writeHead(status).end(text))
  const failure = await client.send({ method: 'GET', path: '/', signal }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ProviderUnavailable)
  expect(failure).toMatchObject({ mayHaveActed, message: expect.stringContaining(String(status)) })
})

test('a server that is not there has certainly not acted', async () => {
  const client = await clientOf(() => undefined)
  await new Promise((resolve) => server?.close(resolve))
  await expect(client.send({ method: 'GET', path: '/', signal })).rejects.toMatchObject({ mayHaveActed: false })
})

test('a server that hangs up, or from which we hang up, may have acted', async () => {
  const client = await clientOf((request) => {
    if (request.url === '/base/broken') request.socket.destroy()
  })
  await expect(client.send({ method: 'GET', path: '/broken', signal })).rejects.toMatchObject({ mayHaveActed: true })
  const stop = new AbortController()
  const silent = client.send({ method: 'GET', path: '/silent', signal: stop.signal })
  stop.abort()
  await expect(silent).rejects.toMatchObject({ mayHaveActed: true })
})

test('gives up an answer without end', async () => {
  const client = await clientOf((_, response) => {
    response.write('x'.repeat(2_000_000))
  })
  await expect(client.send({ method: 'GET', path: '/', signal })).rejects.toThrow('longer than 1048576 bytes')
})
