/**
 * A credit bureau to try things with. The file of a consumer follows from the reference (the consumer id), so it is the
 * same in every run: it holds the attributes of one of 1,000 real credit applications (`data/german-credit.csv`); 3 of
 * 100 files are thin and 1 of 100 is frozen. A given or family name steers it:
 *
 * | name | the file |
 * | --- | --- |
 * | nothing of these | is found |
 * | ends with `Thin` (or `+thin`) | has too little in it for a score |
 * | ends with `Frozen` (or `+frozen`) | is frozen by the consumer |
 * | ends with `Timeout` (or `+timeout`) | is never answered |
 * | `Score` and a number from 350 to 900: `Score550` | is found, with that score of the bureau's own and nothing else |
 * | `Applicant` and a number from 1 to 1000: `Applicant7` | is found, with what that application says |
 */
import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import { idempotentRoute, type KeyedAnswer, type KeyedRequest, sandboxError } from '../sandbox/idempotent-route.ts'
import { sandboxFile } from './sandbox-file.ts'

/** The bureau's app, to be served under any path. */
export type BureauSandbox = { readonly app: Hono; close(): Promise<void> }

/** Opens the bureau. `directory`: where answered keys are kept. */
export function bureauSandbox(options: { readonly directory?: string | undefined } = {}): BureauSandbox {
  const keys = new AnsweredKeys({ name: 'bureau', directory: options.directory })
  const app = new Hono()
  app.post('/v1/reports', idempotentRoute(keys, report))
  return { app, close: () => keys.close() }
}

async function report({ key, body, untilGone }: KeyedRequest): Promise<KeyedAnswer> {
  for (const field of ['reference', 'givenName', 'familyName', 'dateOfBirth', 'country']) {
    if (typeof body[field] !== 'string' || body[field] === '') {
      return sandboxError(422, 'report_invalid', `${field} is needed.`)
    }
  }
  const names = [String(body.givenName), String(body.familyName)]
  if (names.some((name) => /timeout$/i.test(name))) await untilGone()
  const id = `rep_${hash('sha256', key, 'hex').slice(0, 24)}`
  return { status: 201, body: sandboxFile({ id, reference: String(body.reference), names }) }
}
