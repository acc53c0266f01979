import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Session } from 'chdb'

/** A server that speaks as much of ClickHouse's HTTP interface as our client uses; the engine itself (chdb) answers. */
export type ChdbHttp = { readonly url: string; stop(): Promise<void> }

/** Starts it on a free port of this machine, with its data in `dataDir`. */
export async function startChdbHttp(dataDir: string): Promise<ChdbHttp> {
  const session = new Session(dataDir)
  const server = createServer((request, response) => {
    answer(session, request).then(
      (body) => response.end(body),
      (error: Error & { clickhouseCode?: number }) => {
        response.writeHead(400, { 'x-clickhouse-exception-code': String(error.clickhouseCode ?? 0) })
        response.end(`${error.message}\n`)
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      session.close()
    },
  }
}

/** A query stands in the body, or in `?query=` before its data in the body; `param_x` and settings are in the URL. */
async function answer(session: Session, request: IncomingMessage): Promise<string> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const body = await text(request)
  const statement = url.searchParams.get('query')
  if (statement !== null && /^INSERT/i.test(statement)) return insert(session, statement, body, url.searchParams)
  const sql = statement ?? body
  const params = [...url.searchParams].flatMap(([key, value]) =>
    key.startsWith('param_') ? [[key.slice(6), value]] : [],
  )
  const result = await session.queryBindAsync(sql, Object.fromEntries(params), { format: 'JSONEachRow' })
  return result.text()
}

async function insert(session: Session, statement: string, lines: string, settings: URLSearchParams): Promise<string> {
  const [, table = '', columns = ''] = /^INSERT INTO (\S+) \((.*?)\)/i.exec(statement) ?? []
  const token = settings.get('insert_deduplication_token') ?? ''
  await session.insert({
    table,
    columns: columns.split(',').map((column) => column.trim()),
    values: Buffer.from(lines),
    format: 'TabSeparated',
    settings: { insert_deduplication_token: token },
  })
  return ''
}
