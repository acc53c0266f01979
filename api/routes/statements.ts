import { z } from '@hono/zod-openapi'
import type { ApiParts } from '../parts.ts'
import { Problem } from '../problems.ts'
import { idOf, PageQuery } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { statementPage } from '../statement-page.ts'
import { StatementDocumentView, StatementView } from '../statement-views.ts'
import { pageOf } from '../views.ts'

const PATH = '/v1/consumers/me/statements'
const Named = z.object({ statementId: idOf('stm') })

/** What consumers owed and paid, month by month. */
export function statementRoutes(parts: ApiParts) {
  const app = routes()
  addList(app, parts)
  addOne(app, parts)
  addDocument(app, parts)
  return app
}

function addList(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: PATH,
    operationId: 'listStatements',
    tags: ['Plans'],
    summary: 'My monthly statements',
    description: 'One a month and currency, as long as something is owed or has moved.',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(StatementView), 'A page of statements, newest first.') },
  })
  app.openapi(list, async (c) => {
    const { id } = c.var.principal
    const query = c.req.valid('query')
    return c.json(await parts.cursors.page(['statements', id], query, (page) => parts.reads.statements(id, page)), 200)
  })
}

function addOne(app: ApiRoutes, parts: ApiParts): void {
  const one = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: `${PATH}/{statementId}`,
    operationId: 'getStatement',
    tags: ['Plans'],
    summary: 'A statement with its lines',
    request: { params: Named },
    responses: { 200: jsonAnswer(StatementDocumentView, 'The statement. It never changes.') },
  })
  app.openapi(one, async (c) => {
    return c.json(await statementOf(parts, c.var.principal.id, c.req.valid('param').statementId), 200)
  })
}

function addDocument(app: ApiRoutes, parts: ApiParts): void {
  const document = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: `${PATH}/{statementId}/document`,
    operationId: 'getStatementDocument',
    tags: ['Plans'],
    summary: 'A statement as a page to print',
    description: 'In the language and the rendering that it was issued with: the same bytes whenever it is read.',
    request: { params: Named },
    responses: {
      200: { content: { 'text/html': { schema: z.string() } }, description: 'The page.' },
    },
  })
  app.openapi(document, async (c) => {
    const statement = await statementOf(parts, c.var.principal.id, c.req.valid('param').statementId)
    return c.html(statementPage(statement), 200)
  })
}

/** @throws Problem STATEMENT_UNKNOWN where it is not theirs */
async function statementOf(
  { reads }: ApiParts,
  consumerId: string,
  statementId: string,
): Promise<z.infer<typeof StatementDocumentView>> {
  const found = await reads.statement(consumerId, statementId)
  if (found === null) throw new Problem(404, 'STATEMENT_UNKNOWN', `There is no ${statementId}.`)
  return found
}
