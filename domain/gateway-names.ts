/** The gateway that takes everything while nothing else was published. */
export const PRIMARY_GATEWAY = 'primary'

/** The payment gateways there can be. */
export const GATEWAY_NAMES = [PRIMARY_GATEWAY, 'secondary'] as const

/** The name of a payment gateway. */
export type GatewayName = (typeof GATEWAY_NAMES)[number]
