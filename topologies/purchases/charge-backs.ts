/** What a charge-back means for the purchase: the network disputes it with the merchant, and decides. */
import { deriveId } from '#domain/ids.ts'
import type { PurchaseEvent, PurchaseState } from '#schemas'
import { type Disputable, decided, disputableMinor, isUndecided, opened } from './disputes.ts'
import type { ChargeBackNews } from './facts.ts'

/**
 * Opens a dispute of what was charged back, as far as it was captured and is neither refunded nor disputed already; the
 * network's decision ends it. What the merchant lost before, for want of an answer, stays lost.
 */
export function decideChargeBack(state: PurchaseState, news: ChargeBackNews): readonly PurchaseEvent[] {
  if (state.order === null || state.planId === null) return []
  const purchase = state as Disputable
  const { chargeBackId } = news
  const known = state.disputes.find((dispute) => dispute.chargeBackId === chargeBackId)
  if (news.type === 'ChargeBackDecided') {
    if (known === undefined || !isUndecided(known)) return []
    return decided(purchase, news, known, { won: news.won, cause: 'NETWORK' })
  }
  const amountMinor = Math.min(news.amountMinor, disputableMinor(state))
  if (known !== undefined || amountMinor <= 0) return []
  const disputeId = deriveId('dis', state.purchaseId, chargeBackId)
  const { reason } = news
  return [opened(purchase, news, { disputeId, origin: 'NETWORK', reason, note: null, amountMinor, chargeBackId })]
}
