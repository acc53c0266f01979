/** The rows of the table of settings that say where the payment gateways are, and when one is left out. */
import type { Setting } from './settings-table.ts'

const HTTP = { kind: 'url', protocols: ['http', 'https'] } as const
const TEXT = { kind: 'text' } as const

/** The rows. */
export const GATEWAY_SETTINGS = [
  {
    name: 'GATEWAY_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'Payment gateway. Not set: the sandbox.',
  },
  {
    name: 'GATEWAY_WEBHOOK_SECRET',
    group: 'Providers',
    type: TEXT,
    default: null,
    secret: true,
    description: 'Signs the webhooks of the gateway. Not set: made once and kept in DATA_DIR, for the sandbox.',
  },
  {
    name: 'GATEWAY_FAILURES_MAX',
    group: 'Providers',
    type: { kind: 'integer', min: 1, max: 1_000_000 },
    default: 20,
    description: 'Calls to the gateway that may fail in a row before it is left out for GATEWAY_REST_SECONDS.',
  },
  {
    name: 'GATEWAY_REST_SECONDS',
    group: 'Providers',
    type: { kind: 'integer', min: 1, max: 86_400 },
    default: 5,
    description: 'How long it is left out; then one call is let through, to see.',
  },
  {
    name: 'GATEWAY_2_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description:
      'A second payment gateway that knows the same card tokens. Not set: none, or the sandbox beside the first.',
  },
  {
    name: 'GATEWAY_2_WEBHOOK_SECRET',
    group: 'Providers',
    type: TEXT,
    default: null,
    secret: true,
    description: 'Signs the webhooks of the second gateway, as GATEWAY_WEBHOOK_SECRET does those of the first.',
  },
  {
    name: 'GATEWAY_2_FAILURES_MAX',
    group: 'Providers',
    type: { kind: 'integer', min: 1, max: 1_000_000 },
    default: 20,
    description: 'GATEWAY_FAILURES_MAX of the second gateway.',
  },
  {
    name: 'GATEWAY_2_REST_SECONDS',
    group: 'Providers',
    type: { kind: 'integer', min: 1, max: 86_400 },
    default: 5,
    description: 'GATEWAY_REST_SECONDS of the second gateway.',
  },
] as const satisfies readonly Setting[]
