/** The addresses at which a merchant is told things. Secrets are derived from id and version, never stored. */
import type {
  ClockTicked,
  RegisterWebhookEndpoint,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
  WebhookCommandRefused,
  WebhookEndpointRegistered,
  WebhookEndpointRemoved,
  WebhookEndpoints,
  WebhookSecretRotated,
} from '#schemas'
import { childMeta } from '#schemas'
import type { Decider } from '#streams'
import { EVENT_TYPES } from './messages.ts'
import { refusal } from './refusal.ts'

/** A merchant has this many addresses at most: each is called for every event. */
const ENDPOINTS_MAX = 10
/** How long the secret before the newest one signs too. */
const PREVIOUS_MS = 86_400_000

/** Commands about addresses. */
export type EndpointCommand = RegisterWebhookEndpoint | RotateWebhookSecret | RemoveWebhookEndpoint
/** What addresses hear. Days change nothing: who is asked to sign looks at the time. */
export type EndpointInput = EndpointCommand | ClockTicked
/** What happens to addresses. */
export type EndpointFact =
  | WebhookEndpointRegistered
  | WebhookSecretRotated
  | WebhookEndpointRemoved
  | WebhookCommandRefused

/** The rules of the addresses of one merchant; the key is the merchant id. */
export const endpointsDecider: Decider<WebhookEndpoints, EndpointInput, EndpointFact> = {
  initial: (merchantId) => ({ merchantId, endpoints: [] }),
  keyOf: (command) => (command.type === 'ClockTicked' ? null : command.merchantId),
  decide: (state, command) => {
    if (command.type === 'ClockTicked') return []
    if (command.type === 'RegisterWebhookEndpoint') return register(state, command)
    const endpoint = state.endpoints.find(({ endpointId }) => endpointId === command.endpointId)
    const { merchantId, endpointId } = command
    if (endpoint === undefined) {
      return [refusal(command, 'WEBHOOK_ENDPOINT_UNKNOWN', `There is no endpoint ${endpointId}.`)]
    }
    if (command.type === 'RemoveWebhookEndpoint') {
      const meta = childMeta('webhooks', command, 'WebhookEndpointRemoved')
      return [{ type: 'WebhookEndpointRemoved', meta, merchantId, endpointId }]
    }
    const meta = childMeta('webhooks', command, 'WebhookSecretRotated')
    const previousUntil = command.meta.occurredAt + PREVIOUS_MS
    const secretVersion = endpoint.secretVersion + 1
    return [{ type: 'WebhookSecretRotated', meta, merchantId, endpointId, secretVersion, previousUntil }]
  },
  evolve: (state, fact) => {
    switch (fact.type) {
      case 'WebhookEndpointRegistered': {
        const { endpointId, url, eventTypes, secretVersion } = fact
        const added = { endpointId, url, eventTypes, secretVersion, previousUntil: null }
        return { ...state, endpoints: [...state.endpoints, added] }
      }
      case 'WebhookSecretRotated': {
        const { endpointId, secretVersion, previousUntil } = fact
        const rotated = { secretVersion, previousUntil }
        const endpoints = state.endpoints.map((one) => (one.endpointId === endpointId ? { ...one, ...rotated } : one))
        return { ...state, endpoints }
      }
      case 'WebhookEndpointRemoved':
        return { ...state, endpoints: state.endpoints.filter(({ endpointId }) => endpointId !== fact.endpointId) }
      case 'WebhookCommandRefused':
        return state
    }
  },
}

function register(state: WebhookEndpoints, command: RegisterWebhookEndpoint): EndpointFact[] {
  const { merchantId, endpointId, url, eventTypes } = command
  if (state.endpoints.some((known) => known.url === url)) {
    return [refusal(command, 'WEBHOOK_ENDPOINT_EXISTS', `Events go to ${url} already; remove that endpoint first.`)]
  }
  const unknown = eventTypes.find((name) => !EVENT_TYPES.includes(name))
  if (unknown !== undefined) {
    return [
      refusal(command, 'WEBHOOK_EVENT_UNKNOWN', `No event is called ${unknown}; known: ${EVENT_TYPES.join(', ')}.`),
    ]
  }
  if (state.endpoints.length >= ENDPOINTS_MAX) {
    return [refusal(command, 'WEBHOOK_ENDPOINTS_FULL', `There are ${ENDPOINTS_MAX} endpoints; remove one first.`)]
  }
  const meta = childMeta('webhooks', command, 'WebhookEndpointRegistered')
  return [{ type: 'WebhookEndpointRegistered', meta, merchantId, endpointId, url, eventTypes, secretVersion: 1 }]
}
