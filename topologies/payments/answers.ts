/** The stored outcomes of commands, so that a repeat gets the same answer. */
import type {
  ChargeBackDecided,
  CommandAnswer,
  DecideChargeBack,
  Envelope,
  PaymentChargedBack,
  PaymentCommandRefused,
  PaymentFailed,
  PaymentSucceeded,
  ReportChargeBack,
  Topics,
} from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import type { AnswersOptions, StoreHandle } from '#streams'
import type { LookedUp } from './look-up.ts'
import type { PaymentFact } from './payments-state.ts'
import { isWalletEvent, type WalletFact, type WalletInput } from './wallet.ts'

type AnswerStore = StoreHandle<string, CommandAnswer>
type PaymentOutcome = PaymentSucceeded | PaymentFailed | PaymentCommandRefused | PaymentChargedBack | ChargeBackDecided

/** Answers of AddPaymentMethod: its events. */
export function walletAnswers(
  store: AnswerStore,
  topic: Topics['paymentEvents'],
): AnswersOptions<WalletInput, WalletFact, CommandAnswer> {
  return commandAnswers({
    store,
    topic,
    commandOf: (input) => (input.type === 'AddPaymentMethod' ? input : null),
    outcomeOf: (facts) => facts.find(isWalletEvent),
  })
}

/**
 * Answers of PayInstalment and PayPlans: a refusal at once, else the outcome of the charge, which comes with the
 * gateway's result. Until then there is none; the payment is known by its id, and a repeated command changes nothing.
 */
export function paymentAnswers(
  store: AnswerStore,
  topic: Topics['paymentEvents'],
): AnswersOptions<LookedUp, PaymentFact, CommandAnswer> {
  const answers = commandAnswers({
    store,
    topic,
    commandOf,
    outcomeOf: (facts: readonly PaymentFact[]) => facts.find(isOutcome),
  })
  return { ...answers, answer: (input, facts) => (facts.some(isOutcome) ? answers.answer(input, facts) : null) }
}

/** The command an input is, or the one that a result answers. */
function commandOf(input: LookedUp): { readonly type: string; readonly meta: Envelope } | null {
  if (input.type === 'PayInstalment' || isAboutChargeBack(input)) return input
  if (input.type === 'SplitRefused') return input.command
  if (input.type === 'PartAsked') return input.parts.length > 0 ? { type: 'PayPlans', meta: input.meta } : null
  if (input.type !== 'ChargeSucceeded' && input.type !== 'ChargeFailed') return null
  return input.commandId === null ? null : { type: 'PayInstalment', meta: { ...input.meta, id: input.commandId } }
}

function isAboutChargeBack(input: LookedUp): input is ReportChargeBack | DecideChargeBack {
  return input.type === 'ReportChargeBack' || input.type === 'DecideChargeBack'
}

const OUTCOMES: ReadonlySet<string> = new Set<PaymentOutcome['type']>([
  'PaymentSucceeded',
  'PaymentFailed',
  'PaymentCommandRefused',
  'PaymentChargedBack',
  'ChargeBackDecided',
])

function isOutcome(fact: PaymentFact): fact is PaymentOutcome {
  return OUTCOMES.has(fact.type)
}
