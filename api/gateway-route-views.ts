import { z } from '@hono/zod-openapi'
import { GATEWAY_NAMES } from '#domain/gateway-names.ts'
import { minor, oneOf, text, whole } from './view-fields.ts'

const gateway = oneOf([...GATEWAY_NAMES], 'A payment gateway.')

const GatewayRuleView = z
  .object({
    name: text('Names the rule.', 'large euros'),
    brands: z.array(text('A card network.', 'visa')).openapi({ description: 'None: all.' }),
    currencies: z.array(text('ISO 4217.', 'EUR')).openapi({ description: 'None: all.' }),
    minMinor: minor('Least amount, itself included; null: any.').nullable(),
    maxMinor: minor('Largest amount, itself included; null: any.').nullable(),
    shares: z
      .array(z.object({ gateway: text('The gateway.', 'primary'), percent: whole('Of the charges, first.', 100) }))
      .openapi({ description: 'Who is asked first, in percent; the others follow in this order.' }),
  })
  .openapi('GatewayRule')

/** The routes of charges that hold now, and the gateways there are. */
export const GatewayRoutesView = z
  .object({
    version: whole('From 1; 0 before anything was published.', 1),
    rules: z.array(GatewayRuleView),
    publishedAt: text('Business time, ISO 8601; null before anything was published.').nullable(),
    gateways: z.array(gateway).openapi({ description: 'The gateways that the platform can ask.' }),
  })
  .openapi('GatewayRoutes')
