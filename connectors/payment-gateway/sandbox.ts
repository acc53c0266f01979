/**
 * A payment gateway to try things with: tokens for test cards, charges, refunds, charge-backs, payouts and signed
 * webhooks. What a charge does depends on the card (see test-cards.ts). A payout to an account whose name ends with
 * `closed` fails. There can be two gateways: they know the same card tokens, as network tokens are known, and each has
 * its own charges.
 */
import { hash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { passesLuhn } from '#domain/card-number.ts'
import { RecentList } from '../runtime/recent-list.ts'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import {
  idempotentRoute,
  type KeyedAnswer,
  type KeyedRequest,
  parseObject,
  readBody,
  type SandboxAnswer,
  sandboxError,
} from '../sandbox/idempotent-route.ts'
import { CardTokens } from './card-tokens.ts'
import { ChargeIds } from './charge-ids.ts'
import { type SandboxChargeBack, SandboxChargeBacks } from './sandbox-charge-backs.ts'
import { SandboxOutage } from './sandbox-outage.ts'
import type { ChargeFailure } from './test-cards.ts'
import type { ChargeEvent, GatewayEvent } from './webhook.ts'

/** How the gateway behaves; all of it has defaults. */
export type GatewaySandboxOptions = {
  /** Makes tokens and ids; the same on every start, or what was made before is unknown. */
  readonly secret?: string
  /** Of a second gateway: its charges are unknown to the first one. */
  readonly name?: string
  /** Where answered keys are kept. */
  readonly directory?: string | undefined
  /** Told of every charge and charge-back, once. */
  readonly onEvent?: (event: GatewayEvent) => void
}

/** A charge as the gateway shows it. */
export type SandboxCharge = {
  readonly id: string
  readonly status: 'succeeded' | 'failed'
  readonly amountMinor: number
  readonly currency: string
  readonly reference: string
  readonly attempt: number
  readonly failure: ChargeFailure | null
}

const CHARGES_KEPT = 10_000

/** The gateway's app, to be served under any path. */
export type GatewaySandbox = { readonly app: Hono; close(): Promise<void> }

/** Opens the gateway. */
export function gatewaySandbox(options: GatewaySandboxOptions = {}): GatewaySandbox {
  const secret = options.secret ?? 'fourfold sandbox'
  const { name = 'payment-gateway' } = options
  const keys = new AnsweredKeys({ name, directory: options.directory })
  const tokens = new CardTokens(secret)
  const ids = new ChargeIds(name === 'payment-gateway' ? secret : `${secret} ${name}`)
  const charges = new RecentList<SandboxCharge>(CHARGES_KEPT)
  const tell = (event: GatewayEvent) => options.onEvent?.(event)
  const refunds = new Refunds(keys.notes())
  const chargeBacks = new SandboxChargeBacks(keys.notes(), tell)
  const outage = new SandboxOutage()
  const app = new Hono()
  // A card number goes from the shopper's browser to the gateway, never through the platform.
  app.use('/v1/tokens', cors())
  app.post('/v1/tokens', (c) => answerWith(c, createToken(c, tokens)))
  app.post('/v1/outages', async (c) => {
    const text = await readBody(c)
    return answerWith(c, typeof text === 'string' ? outage.set(parseObject(text) ?? {}) : text)
  })
  app.post(
    '/v1/charges',
    outage.befall,
    idempotentRoute(keys, (request) => {
      if (request.note === CLOSED) return closedAnswer()
      const charge = createCharge(request, tokens, ids)
      if (!('id' in charge)) return charge
      charges.add(charge.id, charge)
      if (request.note !== null) return chargeAnswer(charge)
      tell(eventOf(charge, request.key))
      if (!isChargedBack(request, charge, tokens)) return chargeAnswer(charge)
      const { id, amountMinor, currency } = charge
      refunds.add(id, amountMinor, amountMinor)
      const taken = { id: derivedId('cb', id), charge: id, amountMinor, currency, reason: 'fraudulent' }
      return { ...chargeAnswer(charge), note: chargeBacks.begin(taken) }
    }),
  )
  app.post(
    '/v1/charge-inquiries',
    idempotentRoute(keys, (request) => inquire(request, tokens, ids), ofCharges),
  )
  app.get('/v1/charges/:id', (c) => answerWith(c, showCharge(c.req.param('id'), charges, ids)))
  app.post(
    '/v1/refunds',
    idempotentRoute(keys, (request) => createRefund(request, ids, refunds)),
  )
  app.post(
    '/v1/charge-backs',
    idempotentRoute(keys, (request) => createChargeBack(request, ids, refunds, chargeBacks)),
  )
  app.post(
    '/v1/charge-back-decisions',
    idempotentRoute(keys, (request) => decideChargeBack(request, refunds, chargeBacks)),
  )
  app.post('/v1/payouts', idempotentRoute(keys, createPayout))
  return { app, close: () => keys.close() }
}

async function answerWith(c: Context, answer: SandboxAnswer | Promise<SandboxAnswer>): Promise<Response> {
  const { status, body } = await answer
  return c.json(body, status)
}

async function createToken(c: Context, tokens: CardTokens): Promise<SandboxAnswer> {
  const text = await readBody(c)
  if (typeof text !== 'string') return text
  const { number, expiryMonth, expiryYear } = parseObject(text) ?? {}
  const digits = typeof number === 'string' ? number.replace(/[ -]/g, '') : ''
  if (!isInteger(expiryMonth, 1, 12) || !isInteger(expiryYear, 2000, 2099)) {
    return sandboxError(422, 'expiry_invalid', 'expiryMonth must be 1 to 12 and expiryYear 2000 to 2099.')
  }
  if (!/^\d{12,19}$/.test(digits) || !passesLuhn(digits))
    return sandboxError(422, 'card_number_invalid', 'number must be a card number.')
  const token = tokens.tokenOf(digits)
  if (!token)
    return sandboxError(422, 'test_card_required', 'Only test cards are taken here, e.g. 4242 4242 4242 4242.')
  return { status: 201, body: { ...token, expiryMonth, expiryYear } }
}

function createCharge(request: KeyedRequest, tokens: CardTokens, ids: ChargeIds): SandboxCharge | SandboxAnswer {
  const { token, amountMinor, currency, reference, attempt, atCheckout } = request.body
  if (!isInteger(amountMinor, 1) || !isCurrency(currency)) return badAmount()
  if (!isText(reference) || !isInteger(attempt, 1) || typeof atCheckout !== 'boolean') {
    return sandboxError(
      422,
      'charge_invalid',
      'reference (text), attempt (from 1) and atCheckout (boolean) are needed.',
    )
  }
  const behaviour = isText(token) ? tokens.behaviourOf(token) : undefined
  if (!behaviour) return sandboxError(404, 'token_unknown', 'There is no such card token.')
  const failure = behaviour({ attempt, atCheckout })
  const succeeded = failure === null
  const id = ids.idOf(request.key, { succeeded, amountMinor, currency })
  return { id, status: succeeded ? 'succeeded' : 'failed', amountMinor, currency, reference, attempt, failure }
}

/** The note of a key under which no charge was made, and none will be. */
const CLOSED = 'closed'

/** An inquiry is the charge's own request, at another path. */
function ofCharges(path: string): string {
  return path.replace(/charge-inquiries$/, 'charges')
}

/** What became of a charge; one that was never made is closed, so that it cannot be made any more. */
function inquire(request: KeyedRequest, tokens: CardTokens, ids: ChargeIds): KeyedAnswer {
  if (request.note === null || request.note === CLOSED) {
    const never = sandboxError(404, 'charge_never_made', 'No charge was made under this key, and none will be.')
    return { ...never, note: CLOSED }
  }
  const charge = createCharge(request, tokens, ids)
  if ('id' in charge) return chargeAnswer(charge)
  const { error } = charge.body as { error: object }
  return { status: 402, body: { status: 'failed', failure: { ...error, retryable: false, technical: true } } }
}

/** A charge that comes after the inquiry about it. */
function closedAnswer(): SandboxAnswer {
  const failure = {
    code: 'charge_closed',
    message: 'The key was closed by an inquiry.',
    retryable: true,
    technical: true,
  }
  return { status: 402, body: { status: 'failed', failure } }
}

function showCharge(id: string, charges: RecentList<SandboxCharge>, ids: ChargeIds): SandboxAnswer {
  const charge = charges.get(id)
  if (charge) return { status: 200, body: charge }
  const facts = ids.factsOf(id)
  if (!facts) return sandboxError(404, 'charge_unknown', 'There is no such charge.')
  const { succeeded, amountMinor, currency } = facts
  return { status: 200, body: { id, status: succeeded ? 'succeeded' : 'failed', amountMinor, currency } }
}

function createRefund(request: KeyedRequest, ids: ChargeIds, refunds: Refunds): KeyedAnswer {
  const { charge, amountMinor, currency } = request.body
  if (!isInteger(amountMinor, 1) || !isCurrency(currency)) return badAmount()
  const facts = isText(charge) ? ids.factsOf(charge) : null
  if (!facts?.succeeded) return sandboxError(404, 'charge_unknown', 'There is no such charge that succeeded.')
  if (facts.currency !== currency) return sandboxError(422, 'currency_mismatch', `The charge is in ${facts.currency}.`)
  // What was decided the first time holds, whatever has been refunded since.
  const fits =
    request.note === null ? refunds.add(charge as string, amountMinor, facts.amountMinor) : request.note !== ''
  if (!fits) {
    return { ...sandboxError(402, 'refund_too_large', 'More than was charged would be refunded.'), note: '' }
  }
  const id = derivedId('re', request.key)
  return {
    status: 201,
    body: { id, status: 'succeeded', charge, amountMinor, currency },
    note: refundNote(charge as string, amountMinor),
  }
}

function chargeAnswer(charge: SandboxCharge): SandboxAnswer {
  return { status: charge.status === 'succeeded' ? 201 : 402, body: charge }
}

/** The card of which the bank takes every charge back that was not made at a checkout. */
function isChargedBack({ body }: KeyedRequest, charge: SandboxCharge, tokens: CardTokens): boolean {
  return charge.status === 'succeeded' && body['atCheckout'] === false && tokens.isChargedBack(String(body['token']))
}

function createChargeBack(
  { key, body, note }: KeyedRequest,
  ids: ChargeIds,
  refunds: Refunds,
  chargeBacks: SandboxChargeBacks,
): KeyedAnswer {
  const { charge, reason = 'fraudulent' } = body
  const facts = isText(charge) ? ids.factsOf(charge) : null
  if (!facts?.succeeded) return sandboxError(404, 'charge_unknown', 'There is no such charge that succeeded.')
  const { amountMinor = facts.amountMinor } = body
  if (!isInteger(amountMinor, 1)) return badAmount()
  if (!isText(reason) || !/^[a-z_]{1,40}$/.test(reason)) {
    return sandboxError(422, 'reason_invalid', 'reason must be lower-case words with underscores.')
  }
  const { currency } = facts
  const id = derivedId('cb', key)
  const chargeBack: SandboxChargeBack = { id, charge: charge as string, amountMinor, currency, reason }
  const answer: SandboxAnswer = { status: 201, body: { ...chargeBack, status: 'open' } }
  if (note !== null && note !== '') {
    // Who asks again may have missed the webhook; a repeat is harmless.
    chargeBacks.tellOf(chargeBack)
    return answer
  }
  if (note === '' || !refunds.add(chargeBack.charge, amountMinor, facts.amountMinor)) {
    return { ...sandboxError(402, 'charge_back_too_large', 'More than is left of the charge would go.'), note: '' }
  }
  return { ...answer, note: chargeBacks.begin(chargeBack) }
}

function decideChargeBack({ body, note }: KeyedRequest, refunds: Refunds, all: SandboxChargeBacks): KeyedAnswer {
  const { chargeBack: id, won } = body
  if (typeof won !== 'boolean') return sandboxError(422, 'decision_invalid', 'won must be true or false.')
  const answer: SandboxAnswer = { status: 201, body: { chargeBack: id, status: won ? 'won' : 'lost' } }
  const known = all.get(id)
  if (note !== null && note !== '') {
    if (known !== undefined) all.tellOfDecision(known, won)
    return answer
  }
  const open = all.open(id)
  if (!('id' in open)) return open
  if (won) refunds.giveBack(open.charge, open.amountMinor)
  return { ...answer, note: all.decide(open, won) }
}

function createPayout({ key, body }: KeyedRequest): KeyedAnswer {
  const { account, amountMinor, currency } = body
  if (!isInteger(amountMinor, 1) || !isCurrency(currency)) return badAmount()
  if (!isText(account)) return sandboxError(422, 'account_invalid', 'account is needed.')
  const failure = account.endsWith('closed') ? { code: 'account_closed', message: 'The account is closed.' } : null
  const payout = { id: derivedId('po', key), status: failure ? 'failed' : 'paid', account, amountMinor, currency }
  return { status: failure ? 402 : 201, body: { ...payout, failure } }
}

/** What has gone of each charge: refunded, or charged back and not won. */
class Refunds {
  readonly #minor = new Map<string, number>()

  /** `notes`: those of earlier answers, whatever they were to. */
  constructor(notes: readonly string[]) {
    const taken = new Map<string, readonly [charge: string, amountMinor: number]>()
    for (const note of notes) {
      const [kind, one = '', two = '', three] = note.split(' ')
      if (kind === 'refund') this.giveBack(one, -Number(two))
      if (kind === 'charge-back') {
        taken.set(one, [two, Number(three)])
        this.giveBack(two, -Number(three))
      }
      const [charge, amountMinor] = taken.get(one) ?? []
      if (kind === 'decision' && two === 'won') this.giveBack(charge ?? '', amountMinor ?? 0)
    }
  }

  /** What was taken back is the gateway's again. */
  giveBack(charge: string, amountMinor: number): void {
    this.#minor.set(charge, (this.#minor.get(charge) ?? 0) - amountMinor)
  }

  /** Adds a refund or a charge-back, unless more than the charge would go back. */
  add(charge: string, amountMinor: number, chargedMinor: number): boolean {
    const refunded = (this.#minor.get(charge) ?? 0) + amountMinor
    if (refunded > chargedMinor) return false
    this.#minor.set(charge, refunded)
    return true
  }
}

function refundNote(charge: string, amountMinor: number): string {
  return `refund ${charge} ${amountMinor}`
}

function eventOf(charge: SandboxCharge, key: string): ChargeEvent {
  return {
    id: derivedId('evt', key),
    name: charge.status === 'succeeded' ? 'charge.succeeded' : 'charge.failed',
    data: { ...charge, idempotencyKey: key },
  }
}

function derivedId(prefix: string, key: string): string {
  return `${prefix}_${hash('sha256', key, 'hex').slice(0, 24)}`
}

function badAmount(): SandboxAnswer {
  return sandboxError(422, 'amount_invalid', 'amountMinor must be a whole number from 1, currency three capitals.')
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value)
}

function isInteger(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
}
