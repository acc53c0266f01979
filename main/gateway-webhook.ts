import type { Hono } from 'hono'
import { gatewayWebhookRoutes, WEBHOOK_PATHS } from '#api/routes/gateway-webhook.ts'
import { type ChargeBackEvent, GatewayWebhook } from '#connectors/payment-gateway/webhook.ts'
import { GATEWAY_NAMES, type GatewayName } from '#domain/gateway-names.ts'
import type { LocalPart } from './cluster/local-part.ts'
import type { Peers } from './cluster/peers.ts'

/** What the webhooks of the gateways are checked against, and who hears of them. */
export type GatewayWebhooksOptions = {
  readonly secrets: Readonly<Record<GatewayName, string>>
  readonly local: LocalPart
  readonly peers: Peers
  /** For each gateway: charge-backs of it become commands. */
  readonly onChargeBack: (gateway: GatewayName) => (event: ChargeBackEvent) => Promise<void>
}

/** Takes in the webhooks of each gateway at its own path, signed with its own secret. */
export function gatewayWebhooks(options: GatewayWebhooksOptions): Hono {
  const receivers = GATEWAY_NAMES.map((gateway) => [WEBHOOK_PATHS[gateway], gatewayWebhook(options, gateway)] as const)
  return gatewayWebhookRoutes(new Map(receivers))
}

/**
 * What the gateway says of a charge ends the pause of a request whose answer was lost. The request waits in one
 * process, and nobody knows in which: all hear of it, and it means nothing to the others.
 */
function gatewayWebhook(options: GatewayWebhooksOptions, gateway: GatewayName): GatewayWebhook {
  const { secrets, local, peers, onChargeBack } = options
  return new GatewayWebhook({
    secret: secrets[gateway],
    onChargeBack: onChargeBack(gateway),
    onCharge: ({ data: { idempotencyKey: key } }) => {
      local.wake(key)
      const others = peers.all().filter(({ hasConnectors }) => hasConnectors)
      // One that does not hear of it asks the gateway when the pause is over.
      void peers.askAll(others, { kind: 'wake', key })
    },
  })
}
