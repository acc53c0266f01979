import { type Projection, put, timestamp } from '../projection.ts'

/** The policies as they were published. */
export const creditPolicies: Projection = {
  table: 'credit_policies',
  key: ['publication_id'],
  rules: {
    CreditPolicyPublished: (event) =>
      put({
        publication_id: event.meta.id,
        version: event.version,
        effective_from: event.effectiveFrom === null ? null : timestamp(event.effectiveFrom),
        model_version: event.modelVersion,
        file: event.file,
        file_hash: event.fileHash,
        published_at: timestamp(event.meta.occurredAt),
      }),
  },
}

/** The score models as they were published. */
export const scoreModels: Projection = {
  table: 'score_models',
  key: ['version'],
  rules: {
    ScoreModelPublished: (event) =>
      put({
        version: event.version,
        file: event.file,
        file_hash: event.fileHash,
        published_at: timestamp(event.meta.occurredAt),
      }),
  },
}
