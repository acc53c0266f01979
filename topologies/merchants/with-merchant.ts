import type { MerchantState } from '#schemas'
import type { StoreHandle, ValueProcessor } from '#streams'
import type { CheckoutCommand, CheckoutRequest } from './facts.ts'

/** Gives a command about a checkout the merchant it is about, as it stands after all that was read before. */
export function withMerchant(
  merchants: StoreHandle<string, MerchantState>,
): () => ValueProcessor<string, CheckoutCommand, CheckoutRequest> {
  return () => ({
    process: ({ value: command }, context) => {
      const merchant = context.store(merchants).get(command.merchantId) ?? null
      context.forward({ type: 'CheckoutRequest', command, merchant })
    },
  })
}
