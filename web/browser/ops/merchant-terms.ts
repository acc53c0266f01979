import type { TermsVersion } from '../api-types.ts'
import { type Child, h } from '../kit/dom.ts'
import { field } from '../kit/fields.ts'
import type { FormValues } from '../kit/form.ts'
import { formatMoney, parseAmount, plainAmount } from '../kit/money.ts'
import { fieldProblem } from '../kit/problem.ts'

/** What the terms of a merchant are today, and the fields to agree on others. */
export function termsForm(versions: readonly TermsVersion[], currency: string): readonly Child[] {
  const [today] = versions
  const number = { type: 'number', min: 0, step: 1, required: true }
  const amount = { inputmode: 'decimal', required: true }
  const shown = (minor: number | undefined, otherwise: number) => plainAmount(minor ?? otherwise, currency)
  return [
    today === undefined ? null : h('p', {}, `Version ${today.version}: ${summary(today, currency)}.`),
    field('feeBps', 'Fee, hundredths of a percent', { ...number, max: 5_000, value: today?.feeBps ?? 400 }),
    field('feeFixedMinor', `Fixed fee, ${currency}`, { ...amount, value: shown(today?.feeFixedMinor, 30) }),
    field('settlementDays', 'Days to the settlement', { ...number, max: 60, value: today?.settlementDays ?? 1 }),
    field('ticketMaxMinor', `Largest checkout, ${currency}`, {
      ...amount,
      value: shown(today?.ticketMaxMinor, 200_000),
    }),
    field('commissionBps', 'Commission, hundredths of a percent', { ...number, max: 10_000, value: 0 }),
    field('taxBps', 'Tax on fees, hundredths of a percent', { ...number, max: 10_000, value: 0 }),
    field('holdbackBps', 'Held back, hundredths of a percent', { ...number, max: 10_000, value: 0 }),
    field('holdbackDays', 'Days it is held back', { ...number, max: 365, value: 0 }),
    h('p', { class: 'hint' }, 'Commission, tax and what is held back take the place of those of today. From now on.'),
  ]
}

/** The body of new terms: what the form does not ask stays as it is. */
export function termsOf(values: FormValues, currency: string, today: TermsVersion | undefined): object {
  const whole = (name: string) => Number(values[name])
  const settlement = ['commissionBps', 'taxBps', 'holdbackBps', 'holdbackDays'].map((name) => [name, whole(name)])
  const kept =
    today === undefined
      ? {}
      : {
          ...{ refundPolicy: today.refundPolicy ?? undefined, authorisationDays: today.authorisationDays ?? undefined },
          ...{ monthly: today.monthly, ticketMinMinor: today.ticketMinMinor },
        }
  return {
    ...kept,
    ...{ feeBps: whole('feeBps'), settlementDays: whole('settlementDays') },
    feeFixedMinor: minorOf(values, 'feeFixedMinor', currency),
    ticketMaxMinor: minorOf(values, 'ticketMaxMinor', currency),
    settlement: Object.fromEntries(settlement),
  }
}

function minorOf(values: FormValues, name: string, currency: string): number {
  const minor = parseAmount(values[name] ?? '', currency)
  if (minor === null) throw fieldProblem(name, `must be an amount in ${currency}`)
  return minor
}

function summary({ feeBps, feeFixedMinor, settlementDays, ticketMaxMinor }: TermsVersion, currency: string): string {
  const days = settlementDays === 1 ? 'a day' : `${settlementDays} days`
  const fee = `${(feeBps / 100).toFixed(2)}% + ${formatMoney(feeFixedMinor, currency)}`
  return `${fee}, settled after ${days}, up to ${formatMoney(ticketMaxMinor, currency)}`
}
