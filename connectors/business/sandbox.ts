/**
 * A business verification provider to try things with. What it finds depends on the legal name and the category:
 *
 * | the legal name, or the category | the business |
 * | --- | --- |
 * | nothing of these | is verified, and a standard risk |
 * | name contains `Review` | needs a person to look at it |
 * | name contains `Unknown` | is in no register |
 * | name contains `Timeout` | is never answered |
 * | category 5967, 6051 or 7995 (direct marketing, quasi cash, betting) | is verified, and a high risk |
 * | registration number begins with `LOW` | is verified, and a low risk |
 */
import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import { idempotentRoute, type KeyedAnswer, type KeyedRequest, sandboxError } from '../sandbox/idempotent-route.ts'

/** The provider's app, to be served under any path. */
export type BusinessSandbox = { readonly app: Hono; close(): Promise<void> }

const HIGH_RISK_CATEGORIES = ['5967', '6051', '7995']

/** Opens the provider. `directory`: where answered keys are kept. */
export function businessSandbox(options: { readonly directory?: string | undefined } = {}): BusinessSandbox {
  const keys = new AnsweredKeys({ name: 'business', directory: options.directory })
  const app = new Hono()
  app.post('/v1/businesses', idempotentRoute(keys, verify))
  return { app, close: () => keys.close() }
}

async function verify({ key, body, untilGone }: KeyedRequest): Promise<KeyedAnswer> {
  for (const field of ['reference', 'legalName', 'registrationNumber', 'country', 'categoryCode']) {
    if (typeof body[field] !== 'string' || body[field] === '') {
      return sandboxError(422, 'business_invalid', `${field} is needed.`)
    }
  }
  const name = String(body.legalName)
  if (name.includes('Timeout')) await untilGone()
  return { status: 201, body: { id: `biz_${hash('sha256', key, 'hex').slice(0, 24)}`, ...found(name, body) } }
}

function found(name: string, body: Readonly<Record<string, unknown>>) {
  if (name.includes('Unknown')) return { status: 'not_verified', riskTier: null, reasons: ['not_in_register'] }
  const isHigh = HIGH_RISK_CATEGORIES.includes(String(body.categoryCode))
  const isLow = String(body.registrationNumber).startsWith('LOW')
  const riskTier = isHigh ? 'high' : isLow ? 'low' : 'standard'
  if (name.includes('Review')) return { status: 'needs_review', riskTier, reasons: ['owner_not_confirmed'] }
  return { status: 'verified', riskTier, reasons: [] }
}
