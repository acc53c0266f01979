/**
 * What a provider says of one check, in every order in which it can arrive, and with repeats: the consumer must end
 * where the provider's last word is. What must never happen on the way: credit on a word that was taken back.
 */
import { describe, expect, test } from 'vitest'
import type { IdentityCheckReported, KycStatus } from '#schemas'
import { given } from '#streams/testing'
import { consumer } from './consumer.ts'
import { HOUR, meta, opening, report, requestCheck, T0, tick } from './consumer-samples.ts'
import { CHECK_MS, CHECKS_MAX, CHECKS_WINDOW_MS } from './kyc-machine.ts'

const pending = given(consumer, 'con_1').after(...opening(), requestCheck('chk_1'))
const DAY = 24 * HOUR

/** A word of the provider: its outcome, with `!` where it is final. */
type Word = `${'APPROVED' | 'DECLINED' | 'NEEDS_REVIEW'}${'' | '!'}`

/** The words of a check in the order they were said: each has the next version, and its own time. */
function said(words: readonly Word[]): IdentityCheckReported[] {
  return words.map((word, index) => {
    const outcome = word.replace('!', '') as KycStatus
    const facts = { final: word.endsWith('!'), version: index + 1, at: T0 + HOUR }
    return { ...report(outcome, facts), meta: meta(`evt_${index}`, T0 + HOUR) }
  })
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}

const HISTORIES: readonly (readonly Word[])[] = [
  ['APPROVED!'],
  ['DECLINED!'],
  ['APPROVED', 'APPROVED!'],
  ['APPROVED', 'DECLINED'],
  ['DECLINED', 'APPROVED'],
  ['APPROVED', 'DECLINED!'],
  ['DECLINED', 'APPROVED!'],
  ['APPROVED', 'DECLINED', 'APPROVED'],
  ['DECLINED', 'APPROVED', 'DECLINED!'],
  ['NEEDS_REVIEW', 'APPROVED!'],
  ['NEEDS_REVIEW', 'DECLINED!'],
  ['APPROVED', 'NEEDS_REVIEW', 'DECLINED!'],
  ['APPROVED', 'NEEDS_REVIEW', 'APPROVED!'],
  ['NEEDS_REVIEW', 'APPROVED', 'DECLINED', 'APPROVED'],
  ['NEEDS_REVIEW', 'APPROVED', 'NEEDS_REVIEW', 'DECLINED!'],
]

describe.each(HISTORIES.map((words) => [words.join(' → '), words] as const))('%s', (_name, words) => {
  const reports = said(words)
  const last = reports.at(-1) as IdentityCheckReported
  const orders = permutations(reports)

  test(`ends at the last word in each of its ${orders.length} orders, also with every report twice`, () => {
    for (const order of orders) {
      const arrivals = [order, order.flatMap((one) => [one, one]), [...order, ...order]]
      for (const arrived of arrivals) {
        const { status, final } = pending.after(...arrived).state.kyc
        expect([status, final]).toEqual([last.outcome, last.final])
      }
    }
  })

  test('ends there as well where the check has expired before, or between two reports', () => {
    for (const order of orders) {
      for (let before = 0; before <= order.length; before += 1) {
        const arrived = [...order.slice(0, before), tick(T0 + 2 * DAY), ...order.slice(before)]
        const { status } = pending.after(...arrived).state.kyc
        // Where the last word was that a person looks at it, and that took too long, it has expired.
        expect(status).toBe(before === order.length && last.outcome === 'NEEDS_REVIEW' ? 'EXPIRED' : last.outcome)
      }
    }
  })

  test('a word that was said before the newest known one never moves it', () => {
    for (const order of orders) {
      let state = pending
      let newest = 0
      for (const one of order) {
        const before = state.state.kyc.status
        state = state.after(one)
        const isNews = (one.version ?? 0) > newest
        if (isNews) newest = one.version ?? 0
        else expect(state.state.kyc.status).toBe(before)
      }
    }
  })
})

test('a provider without versions is followed by time: what is older than the newest word is passed over', () => {
  const at = (outcome: KycStatus, hours: number) => report(outcome, { at: T0 + hours * HOUR })
  const [first, second] = [at('APPROVED', 1), at('DECLINED', 2)]
  expect(pending.after(first, second).state.kyc.status).toBe('DECLINED')
  expect(pending.after(second, first).state.kyc.status).toBe('DECLINED')
  // Said again later, a word counts again.
  expect(pending.after(first, at('APPROVED', 3), second).state.kyc.status).toBe('APPROVED')
})

test('a repeat tells nothing new', () => {
  const approved = report('APPROVED', { version: 1 })
  const decided = pending.after(approved).when(approved)
  decided.givesNothing()
})

describe('the time of a check', () => {
  test('a review that is not ended within a day expires, and its late result still counts', () => {
    const review = pending.after(report('NEEDS_REVIEW', { version: 1, at: T0 + 20 * HOUR }))
    expect(review.dueAt).toBe(T0 + 20 * HOUR + CHECK_MS)
    review.when(tick(T0 + 20 * HOUR + CHECK_MS - 1)).givesNothing()
    const expired = review.after(tick(T0 + 20 * HOUR + CHECK_MS))
    expect(expired.state.kyc).toMatchObject({ status: 'EXPIRED', reasons: ['NO_REVIEW_IN_TIME'] })
    expired
      .when(report('APPROVED', { version: 2, final: true, at: T0 + 60 * HOUR }))
      .leaves({ kyc: { status: 'APPROVED' } })
    expired
      .when(requestCheck('chk_2', T0 + 60 * HOUR))
      .gives({ type: 'KycStatusChanged', status: 'PENDING' }, { type: 'IdentityCheckRequested' })
  })

  test('so many checks may be begun within thirty days', () => {
    const days = [0, 1, 2]
    expect(days).toHaveLength(CHECKS_MAX)
    const checks = days.map((day) => [requestCheck(`chk_${day}`, T0 + day * DAY), tick(T0 + (day + 1) * DAY)] as const)
    const tried = given(consumer, 'con_1').after(...opening(), ...checks.flat())
    const late = (at: number) => tried.when(requestCheck('chk_9', at))
    const detail = '3 identity checks were begun within 30 days. The next one can begin from 2026-03-31T00:00:00.000Z.'
    late(T0 + 3 * DAY).gives({ type: 'ConsumerCommandRefused', code: 'KYC_CHECKS_TOO_MANY', detail })
    late(T0 + CHECKS_WINDOW_MS - 1).gives({ type: 'ConsumerCommandRefused', code: 'KYC_CHECKS_TOO_MANY' })
    late(T0 + CHECKS_WINDOW_MS).gives(
      { type: 'KycStatusChanged', status: 'PENDING', checkId: 'chk_9' },
      { type: 'IdentityCheckRequested' },
    )
  })
})
