/** The one door to the platform's records and topics. */
export { childMeta, type RootMeta, rootMeta } from './envelope.ts'
export type * from './generated/types.ts'
export {
  type OpenSchemasOptions,
  openSchemas,
  type SchemaRegistry,
  type Schemas,
} from './open-schemas.ts'
export { readEnvelope } from './read-envelope.ts'
export { CREDIT_RULES_KEY, GATEWAY_ROUTES_KEY, LEDGER_KEY } from './rule-topics.ts'
export type * from './topic-records.ts'
export type * from './topics.ts'
export { DEFAULT_PARTITIONS } from './topics.ts'
