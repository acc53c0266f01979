import { z } from '@hono/zod-openapi'
import { BooksView, TrialBalanceView } from '../books-views.ts'
import type { ApiParts } from '../parts.ts'
import { IsoDate } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { pageOf } from '../views.ts'

const Through = z.strictObject({
  through: IsoDate.optional().openapi({ description: 'At the end of this business date; now where left out.' }),
})
const Accounts = z.strictObject({
  prefix: z
    .string()
    .regex(/^[a-z0-9:_-]{1,120}$/, { error: 'must be the beginning of an account, such as liabilities:' })
    .openapi({ example: 'assets:cash', description: 'The beginning of the account’s name.' }),
})

/** The books: trial balance, accounts, and what must hold of them. */
export function booksRoutes(parts: ApiParts) {
  const app = routes()
  addInvariants(app, parts)
  addTrialBalance(app, parts)
  addAccounts(app, parts)
  return app
}

function addInvariants(app: ApiRoutes, parts: ApiParts): void {
  const books = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/ledger/invariants',
    operationId: 'getInvariants',
    tags: ['Ledger'],
    summary: 'What must hold of the books, when it was last checked, and by how much it differs',
    responses: { 200: jsonAnswer(BooksView, 'The last check.') },
  })
  app.openapi(books, (c) => {
    const { invariants, ...status } = parts.operations.books()
    return c.json({ ...status, invariants: [...invariants] }, 200)
  })
}

function addTrialBalance(app: ApiRoutes, parts: ApiParts): void {
  const trial = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/ledger/trial-balance',
    operationId: 'getTrialBalance',
    tags: ['Ledger'],
    summary: 'Debits and credits of each class of accounts, at any business date',
    request: { query: Through },
    responses: { 200: jsonAnswer(pageOf(TrialBalanceView), 'In each currency both sides are the same.') },
  })
  app.openapi(trial, async (c) => {
    const items = await parts.reads.trialBalance(c.req.valid('query').through ?? null)
    return c.json({ items: [...items], nextCursor: null }, 200)
  })
}

function addAccounts(app: ApiRoutes, parts: ApiParts): void {
  const accounts = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/ledger/accounts',
    operationId: 'listLedgerAccounts',
    tags: ['Ledger'],
    summary: 'The balances of the accounts whose name begins so',
    request: { query: Accounts },
    responses: { 200: jsonAnswer(pageOf(TrialBalanceView), 'The accounts.') },
  })
  app.openapi(accounts, async (c) => {
    const items = await parts.reads.accountBalances(c.req.valid('query').prefix)
    return c.json({ items: [...items], nextCursor: null }, 200)
  })
}
