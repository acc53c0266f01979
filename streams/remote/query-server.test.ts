import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { StreamsError } from '../errors.ts'
import { openQueryServer, type QueryServer, type QueryServerOptions } from './query-server.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function server(options: QueryServerOptions = {}): Promise<QueryServer> {
  const opened = await openQueryServer(options)
  open.push(opened)
  return opened
}
const asks = { timeoutMs: 2_000, signal: new AbortController().signal }
const echo = async (question: unknown) => ({ echo: question })

describe('a query server', () => {
  test('listens on loopback only, and gives questions to the application they are for', async () => {
    const [a, b] = [await server(), await server()]
    expect(a.address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(a.isOnEveryAddress).toBe(false)
    a.serve('shop.credit', echo)
    a.serve('shop.ledger', async () => 7)
    expect(await b.ask(a.address, 'shop.credit', { key: 'ä' }, asks)).toEqual({ echo: { key: 'ä' } })
    expect(await b.ask(a.address, 'shop.ledger', {}, asks)).toBe(7)
  })

  test('says that an application is not there, also once it has gone', async () => {
    const a = await server()
    await expect(a.ask(a.address, 'app', {}, asks)).rejects.toMatchObject({ code: 'QUERY_NOT_HERE' })
    const end = a.serve('app', echo)
    expect(() => a.serve('app', echo)).toThrow('Another instance of app')
    end()
    await expect(a.ask(a.address, 'app', {}, asks)).rejects.toMatchObject({ code: 'QUERY_NOT_HERE' })
  })

  test('hands on why an answer was refused, with the code and who said so', async () => {
    const [a, b] = [await server(), await server()]
    a.serve('app', async () => {
      throw new StreamsError('QUERY_TIMEOUT', 'It took too long.')
    })
    a.serve('broken', async () => {
      throw new TypeError('a bug')
    })
    await expect(b.ask(a.address, 'app', {}, asks)).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
      message: `It took too long. (${a.address} says so.)`,
    })
    await expect(b.ask(a.address, 'broken', {}, asks)).rejects.toMatchObject({ code: 'QUERY_FAILED' })
  })

  test('answers those who know the secret, and nobody else', async () => {
    const a = await server({ secret: 'one' })
    a.serve('app', echo)
    expect(await (await server({ secret: 'one' })).ask(a.address, 'app', 1, asks)).toEqual({ echo: 1 })
    for (const other of [await server(), await server({ secret: 'two' })]) {
      await expect(other.ask(a.address, 'app', 1, asks)).rejects.toMatchObject({ code: 'QUERY_FORBIDDEN' })
    }
    await expect(openQueryServer({ secret: '' })).rejects.toMatchObject({ code: 'APP_OPTION_INVALID' })
  })

  test('refuses what a page in a browser could send without asking, and what is too large', async () => {
    const a = await server()
    a.serve('app', echo)
    const post = async (init: RequestInit) => {
      const response = await fetch(`http://${a.address}/query/app`, { method: 'POST', ...init })
      return ((await response.json()) as { error?: { code: string } }).error?.code
    }
    const json = { 'content-type': 'application/json' }
    expect(await post({ body: '{}' })).toBe('QUERY_REQUEST_INVALID')
    expect(await post({ body: '{', headers: json })).toBe('QUERY_REQUEST_INVALID')
    expect(await post({ method: 'GET' })).toBe('QUERY_REQUEST_INVALID')
    expect(await post({ body: JSON.stringify('x'.repeat(2e6)), headers: json })).toBe('QUERY_REQUEST_INVALID')
    expect(await post({ body: '{}', headers: json })).toBeUndefined()
  })

  test('gives up on one that is down, one that hangs, and one that is something else', async () => {
    const a = await server()
    const gone = await openQueryServer()
    await gone.close()
    await expect(a.ask(gone.address, 'app', {}, asks)).rejects.toMatchObject({ code: 'QUERY_OWNER_UNREACHABLE' })
    a.serve('slow', () => new Promise(() => undefined))
    const hangs = a.ask(a.address, 'slow', {}, { ...asks, timeoutMs: 30 })
    await expect(hangs).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
    const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    open.push(other)
    const { port } = other.address() as { port: number }
    const asked = a.ask(`127.0.0.1:${port}`, 'app', {}, asks)
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_ANSWER_INVALID' })
  })

  test('is called off by whoever has asked', async () => {
    const a = await server()
    a.serve('slow', () => new Promise(() => undefined))
    const moved = new AbortController()
    const asked = a.ask(a.address, 'slow', {}, { ...asks, signal: moved.signal })
    setTimeout(() => moved.abort(), 10)
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_NOT_HERE' })
  })

  test('says where it cannot listen', async () => {
    const a = await server()
    const port = Number(a.address.split(':')[1])
    await expect(openQueryServer({ port })).rejects.toMatchObject({ code: 'QUERY_SERVER_FAILED' })
  })
})
