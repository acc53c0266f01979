/** Fifty purchases at the same instant against a limit that is enough for six, on whatever platform. */
import { expect } from 'vitest'
import { type Confirmed, confirmation, offer, openShop, openShopper, type Shopper } from './actors.ts'
import type { Caller } from './caller.ts'

/** How many purchases are asked for at once. */
export const PURCHASES = 50
const AMOUNT = 100_00
/** What the shopper may owe, and how many of the purchases that is enough for. */
export const LIMIT = 600_00
export const PASS = LIMIT / AMOUNT

/** Who races, with an offered basket for each purchase. */
export type Race = { readonly shopper: Shopper; readonly checkoutIds: readonly string[] }
/** What became of one purchase. */
export type Outcome = { readonly purchaseId: string; readonly status: string; readonly reasons: readonly string[] }

/** A shopper with a limit for exactly six of the purchases, and an offered basket for each of them. */
export async function lineUp(caller: Caller, operatorToken: string): Promise<Race> {
  const shop = await openShop(caller, operatorToken, 'Discs')
  const shopper = await openShopper(caller, 'Racer', { givenName: 'Score550' })
  expect(shopper.limitMinor).toBe(LIMIT)
  const keys = Array.from({ length: PURCHASES }, (_, index) => `race-${index}`)
  const checkoutIds = await Promise.all(keys.map((key) => offer(caller, shop, key, AMOUNT)))
  return { shopper, checkoutIds }
}

/** Confirms one of them under its own Idempotency-Key, which is the same in every try. */
export async function confirmOne(caller: Caller, { shopper, checkoutIds }: Race, index: number): Promise<Outcome> {
  const path = `/v1/checkouts/${checkoutIds[index]}/confirm`
  const { purchaseId, status, reasons } = await caller.post<Confirmed>(path, confirmation(shopper, `race-${index}`))
  return { purchaseId, status, reasons: reasons.map(({ code }) => code) }
}

/** Confirms all of them at once. */
export function confirmAll(caller: Caller, race: Race): Promise<Outcome[]> {
  return Promise.all(race.checkoutIds.map((_, index) => confirmOne(caller, race, index)))
}

/** Six are authorised, and the others declined for the limit and nothing else. */
export function expectSixToPass(outcomes: readonly Outcome[]): void {
  expect(outcomes.filter(({ status }) => status === 'AUTHORISED')).toHaveLength(PASS)
  const declined = outcomes.filter(({ status }) => status === 'DECLINED')
  expect(declined).toHaveLength(PURCHASES - PASS)
  for (const { reasons } of declined) expect(reasons).toEqual(['LIMIT_EXCEEDED'])
  expect(new Set(outcomes.map(({ purchaseId }) => purchaseId)).size).toBe(PURCHASES)
}
