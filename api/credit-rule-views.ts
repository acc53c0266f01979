import { z } from '@hono/zod-openapi'
import { text } from './view-fields.ts'

const fileOf = (what: string) =>
  z.record(z.string(), z.any()).openapi({ type: 'object', description: `The ${what} file, as it was published.` })
const hash = text('SHA-256 of the file, its keys sorted; a version means one content for ever.', 'a3f5')
const publishedAt = text('Business time, ISO 8601.', '2026-03-01T00:00:00.000Z')

/** A credit policy as it was published. */
export const CreditPolicyView = z
  .object({
    publicationId: text('The id of the event; the same policy may be published again, for a later time.', 'evt_0123'),
    version: text('What decisions name.', 'p3'),
    effectiveFrom: text(
      'Business time from which it holds; null: only as a challenger.',
      '2026-04-01T00:00:00.000Z',
    ).nullable(),
    modelVersion: text('The score model it names.', 'm1'),
    fileHash: hash,
    publishedAt,
  })
  .openapi('CreditPolicy')

/** A credit policy with its file. */
export const CreditPolicyFileView = CreditPolicyView.extend({ file: fileOf('policy') }).openapi('CreditPolicyFile')

/** A score model as it was published. */
export const ScoreModelView = z
  .object({ version: text('What decisions name.', 'm2'), fileHash: hash, publishedAt })
  .openapi('ScoreModel')

/** A score model with its file. */
export const ScoreModelFileView = ScoreModelView.extend({ file: fileOf('model') }).openapi('ScoreModelFile')
