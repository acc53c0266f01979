import type { ApiKey } from '../api-types.ts'
import { ApiClient } from '../kit/api-client.ts'
import { problemBanner } from '../kit/banner.ts'
import { ownTimeZone } from '../kit/choices.ts'
import { byId, fill } from '../kit/dom.ts'
import { type FormValues, onSubmit } from '../kit/form.ts'
import { keep, kept } from '../kit/kept.ts'
import { parseAmount } from '../kit/money.ts'
import { fieldProblem, type Problem } from '../kit/problem.ts'

/** How a shop gets in: with a key it has, or as a new merchant. `enter` throws what is wrong with a key. */
export function connectForms(enter: (isNew: boolean) => Promise<void>): void {
  const operatorToken = byId('operator-token', HTMLInputElement)
  operatorToken.value = kept('operator-token') ?? ''

  const keyForm = byId('key-form', HTMLFormElement)
  onSubmit(keyForm, async (values) => {
    await enterWith(values['apiKey'] ?? '', () => enter(false))
    keyForm.reset()
  })

  const onboardForm = byId('onboard-form', HTMLFormElement)
  const operator = new ApiClient(() => operatorToken.value.trim())
  onSubmit(onboardForm, async (values) => {
    const { apiKey } = await operator.post<ApiKey>('/v1/merchants', onboardingOf(values))
    keep('operator-token', operatorToken.value.trim())
    await enterWith(apiKey, () => enter(true))
    onboardForm.reset()
    operatorToken.value = kept('operator-token') ?? ''
  })
}

/** Says why the kept key is not taken any more. */
export function showKeyProblem(problem: Problem): void {
  fill(byId('key-note', HTMLDivElement), problemBanner(problem))
}

async function enterWith(apiKey: string, enter: () => Promise<void>): Promise<void> {
  fill(byId('key-note', HTMLDivElement))
  keep('merchant-key', apiKey)
  try {
    await enter()
  } catch (error) {
    keep('merchant-key', null)
    throw error
  }
}

const at = (ratePpm: number) => (instalments: number) =>
  ratePpm === 0 ? { instalments } : { instalments, interest: 'DECLINING', ratePpm }

/** The monthly plans that the form has a choice of; the API takes any. */
const MONTHLY: Readonly<Record<string, readonly object[]>> = {
  FREE: [3, 6].map(at(0)),
  INTEREST: [at(0)(3), ...[6, 12].map(at(99_900))],
}

function onboardingOf(values: FormValues) {
  const currency = values['currency'] ?? ''
  const amountOf = (name: string) => {
    const amountMinor = parseAmount(values[name] ?? '', currency)
    if (amountMinor === null) throw fieldProblem(name, `must be an amount of ${currency}`)
    return amountMinor
  }
  // A percentage with two decimals is a number of basis points.
  const feeBps = parseAmount(values['feeBps'] ?? '', 'USD')
  if (feeBps === null) throw fieldProblem('feeBps', 'must be a percentage with at most two decimals')
  const { name, legalName, country, categoryCode, payoutAccount } = values
  return {
    name,
    legalName,
    country,
    currency,
    timeZone: ownTimeZone(),
    categoryCode,
    payoutAccount,
    feeBps,
    settlementDays: Number(values['settlementDays']),
    ticketMinMinor: amountOf('ticketMinMinor'),
    ticketMaxMinor: amountOf('ticketMaxMinor'),
    monthly: MONTHLY[values['monthly'] ?? ''] ?? [],
  }
}
