/** Purchases at the same instant against limits that are enough for six of each shopper's, on whatever platform. */
import { expect } from 'vitest'
import { type Confirmed, confirmation, offer, openShopper, type Shop, type Shopper } from './actors.ts'
import type { Caller } from './caller.ts'

const AMOUNT = 100_00
/** What a shopper may owe, and how many of the purchases that is enough for. */
export const LIMIT = 600_00
export const PASS = LIMIT / AMOUNT

/** Who races, with an offered basket for each purchase. */
export type Race = { readonly name: string; readonly shopper: Shopper; readonly checkoutIds: readonly string[] }
/** What became of one purchase. */
export type Outcome = { readonly purchaseId: string; readonly status: string; readonly reasons: readonly string[] }

/** A shopper with a limit for exactly six of the purchases, and an offered basket for each of them. */
export async function lineUp(caller: Caller, shop: Shop, name: string, purchases: number): Promise<Race> {
  const shopper = await openShopper(caller, name, { givenName: 'Score550' })
  expect(shopper.limitMinor).toBe(LIMIT)
  const checkoutIds: string[] = []
  for (let index = 0; index < purchases; index += 1) {
    checkoutIds.push(await offer(caller, shop, `${name}-${index}`, AMOUNT))
  }
  return { name, shopper, checkoutIds }
}

/** Confirms one of them under its own Idempotency-Key, which is the same in every try. */
export async function confirmOne(
  caller: Caller,
  { name, shopper, checkoutIds }: Race,
  index: number,
): Promise<Outcome> {
  const path = `/v1/checkouts/${checkoutIds[index]}/confirm`
  const { purchaseId, status, reasons } = await caller.post<Confirmed>(path, confirmation(shopper, `${name}-${index}`))
  return { purchaseId, status, reasons: reasons.map(({ code }) => code) }
}

/** Confirms all of them at once. */
export function confirmAll(caller: Caller, race: Race): Promise<Outcome[]> {
  return Promise.all(race.checkoutIds.map((_, index) => confirmOne(caller, race, index)))
}

/** Of one shopper's purchases six are authorised, and the others declined for the limit and nothing else. */
export function expectSixToPass(outcomes: readonly Outcome[]): void {
  expect(outcomes.filter(({ status }) => status === 'AUTHORISED')).toHaveLength(PASS)
  const declined = outcomes.filter(({ status }) => status === 'DECLINED')
  expect(declined).toHaveLength(outcomes.length - PASS)
  for (const { reasons } of declined) expect(reasons).toEqual(['LIMIT_EXCEEDED'])
  expect(new Set(outcomes.map(({ purchaseId }) => purchaseId)).size).toBe(outcomes.length)
}
