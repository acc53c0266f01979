import { GATEWAY_NAMES, type GatewayName } from '#domain/gateway-names.ts'
import { hasSecondGateway } from './providers.ts'
import type { Settings } from './settings.ts'

/** The payment gateways of a platform: where cards are tokenised, and where charges can go. */
export type Gateways = {
  /** True where they are the sandboxes, wherever those run. */
  readonly isSandbox: boolean
  /** Those there are. */
  readonly names: readonly GatewayName[]
  /** Where one is. @throws Problem SANDBOX_NOT_RUNNING */
  readonly url: (name: GatewayName) => string
}

/** By the settings; `sandboxes` is asked anew each time, because their process may start later, and again. */
export function gatewaysOf(
  settings: Settings,
  sandboxes: () => { readonly gateway?: string; readonly gateway2?: string },
): Gateways {
  const { GATEWAY_URL, GATEWAY_2_URL } = settings
  return {
    isSandbox: GATEWAY_URL === null,
    names: hasSecondGateway(settings) ? GATEWAY_NAMES : ['primary'],
    url: (name) =>
      (name === 'primary' ? (GATEWAY_URL ?? sandboxes().gateway) : (GATEWAY_2_URL ?? sandboxes().gateway2)) ?? '',
  }
}
