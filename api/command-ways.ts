import type { ApiParts } from './parts.ts'

/** Where commands about consumers go, and who answers them. */
export function consumerWay({ schemas: { topics } }: ApiParts) {
  return { topic: topics.consumerCommands, answeredBy: { app: 'consumers', topic: topics.consumerEvents } }
}

/** Where commands about merchants go, and who answers them. */
export function merchantWay({ schemas: { topics } }: ApiParts) {
  return { topic: topics.merchantCommands, answeredBy: { app: 'merchants', topic: topics.merchantEvents } }
}
