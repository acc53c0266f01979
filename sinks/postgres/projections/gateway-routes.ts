import { type Projection, put, timestamp } from '../projection.ts'

/** The routes of charges as they were published. */
export const gatewayRoutes: Projection = {
  table: 'gateway_routes',
  key: ['version'],
  rules: {
    GatewayRoutesPublished: (event) =>
      put({
        version: event.version,
        rules: JSON.stringify(event.rules),
        published_at: timestamp(event.meta.occurredAt),
      }),
  },
}
