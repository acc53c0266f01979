/** Which gateways charges may be sent to, as the operator last said. */
import { routeProblem } from '#domain/gateway-routes.ts'
import {
  childMeta,
  GATEWAY_ROUTES_KEY,
  type GatewayRouteEvent,
  type GatewayRoutes,
  type PublishGatewayRoutes,
} from '#schemas'
import type { Decider } from '#streams'

/** Before anything is published the primary gateway takes everything. */
export const NO_ROUTES: GatewayRoutes = { version: 0, rules: [] }

/** Answers the operator's commands about routes: each replaces all rules before it. */
export const routeBook: Decider<GatewayRoutes, PublishGatewayRoutes, GatewayRouteEvent> = {
  initial: () => NO_ROUTES,
  keyOf: () => GATEWAY_ROUTES_KEY,
  decide: ({ version }, command) => {
    const { rules } = command
    const problem = routeProblem(rules)
    if (problem !== null) {
      const meta = childMeta('payments', command, 'GatewayRoutesRefused')
      return [{ type: 'GatewayRoutesRefused', meta, code: 'GATEWAY_ROUTES_INVALID', detail: problem }]
    }
    const meta = childMeta('payments', command, 'GatewayRoutesPublished')
    return [{ type: 'GatewayRoutesPublished', meta, routesId: GATEWAY_ROUTES_KEY, version: version + 1, rules }]
  },
  evolve: routesAfter,
}

/** The routes after an event. */
export function routesAfter(routes: GatewayRoutes, event: GatewayRouteEvent): GatewayRoutes {
  return event.type === 'GatewayRoutesPublished' ? { version: event.version, rules: event.rules } : routes
}
