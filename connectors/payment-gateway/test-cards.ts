/**
 * The cards of the sandbox gateway. No other number is taken, so that nobody's own card ends up in a sandbox.
 */

/** How a charge ends: null is success. */
export type ChargeFailure = {
  /** The gateway's decline code. */
  readonly code: string
  readonly message: string
  /** Whether another attempt, later, can succeed. */
  readonly retryable: boolean
  /** The gateway's own fault: another gateway may take the charge. */
  readonly technical?: boolean
  /** What the card's network said. */
  readonly network?: { readonly name: string; readonly code: string }
}

/** What a card does with a charge. `attempt` counts from 1. */
export type CardBehaviour = (charge: { readonly attempt: number; readonly atCheckout: boolean }) => ChargeFailure | null

const DECLINED: ChargeFailure = { code: 'card_declined', message: 'The card was declined.', retryable: false }
const NO_FUNDS: ChargeFailure = { code: 'insufficient_funds', message: 'The account has not enough.', retryable: true }
const PROCESSING: ChargeFailure = {
  ...{ code: 'processing_error', message: 'Try the charge again later.', retryable: true, technical: true },
}

/**
 * Cards and bank accounts that pay at checkout, and later answer with a code of their network: Visa's category 1 (never
 * again) and 2, Mastercard's advice, ACH's return reason. The gateway itself always says that another attempt can help.
 */
const NETWORK_CARDS: readonly (readonly [number: string, network: string, code: string])[] = [
  ['4000000000001018', 'VISA', '1'],
  ['4000000000001026', 'VISA', '2'],
  ['5400000000000021', 'MASTERCARD', '02'],
  ['5400000000000039', 'MASTERCARD', '03'],
  ['5400000000000211', 'MASTERCARD', '21'],
  ['5400000000000245', 'MASTERCARD', '24'],
  ['5400000000000252', 'MASTERCARD', '25'],
  ['5400000000000260', 'MASTERCARD', '26'],
  ['5400000000000278', 'MASTERCARD', '27'],
  ['5400000000000286', 'MASTERCARD', '28'],
  ['5400000000000294', 'MASTERCARD', '29'],
  ['5400000000000302', 'MASTERCARD', '30'],
  ['9000000000000019', 'ACH', 'R01'],
  ['9000000000000027', 'ACH', 'R02'],
  ['9000000000000092', 'ACH', 'R09'],
]

function networkCard([number, name, code]: (typeof NETWORK_CARDS)[number]): [string, CardBehaviour] {
  const failure = {
    code: 'issuer_declined',
    message: `${name} says ${code}.`,
    retryable: true,
    network: { name, code },
  }
  return [number, ({ atCheckout }) => (atCheckout ? null : failure)]
}

/** Attempts that 4000 0000 0000 3220 fails, of each charge that is not at a checkout. */
const SOFT_DECLINES = 2

/** Succeeds, and the bank takes every charge back that was not made at a checkout. */
export const CHARGED_BACK = '4000000000000259'

/** Every card by its number. */
export const TEST_CARDS: ReadonlyMap<string, CardBehaviour> = new Map<string, CardBehaviour>([
  ['4242424242424242', () => null],
  ['5555555555554444', () => null],
  [CHARGED_BACK, () => null],
  ['4000000000000002', () => DECLINED],
  ['4000000000009995', () => NO_FUNDS],
  // Can be kept as a payment method, and then fails every charge.
  ['4000000000000341', () => DECLINED],
  ['4000000000000119', () => PROCESSING],
  ['4000000000003220', ({ attempt, atCheckout }) => (atCheckout || attempt > SOFT_DECLINES ? null : NO_FUNDS)],
  ['4000000000003238', ({ atCheckout }) => (atCheckout ? null : DECLINED)],
  ...NETWORK_CARDS.map(networkCard),
])
