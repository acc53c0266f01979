import { type ChargeBackEvent, GatewayWebhook } from '#connectors/payment-gateway/webhook.ts'
import type { LocalPart } from './cluster/local-part.ts'
import type { Peers } from './cluster/peers.ts'

/**
 * What the gateway says of a charge ends the pause of a request whose answer was lost. The request waits in one
 * process, and nobody knows in which: all hear of it, and it means nothing to the others. Charge-backs become commands.
 */
export function gatewayWebhook(
  secret: string,
  local: LocalPart,
  peers: Peers,
  onChargeBack: (event: ChargeBackEvent) => Promise<void>,
): GatewayWebhook {
  return new GatewayWebhook({
    secret,
    onChargeBack,
    onCharge: ({ data: { idempotencyKey: key } }) => {
      local.wake(key)
      const others = peers.all().filter(({ hasConnectors }) => hasConnectors)
      // One that does not hear of it asks the gateway when the pause is over.
      void peers.askAll(others, { kind: 'wake', key })
    },
  })
}
