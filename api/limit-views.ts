import { z } from '@hono/zod-openapi'
import { text, whole } from './view-fields.ts'
import { DecisionRowView } from './views.ts'

const { consumerId, currency, reasons, policyVersion, modelVersion } = DecisionRowView.shape

/** A move of a limit, and why. */
export const LimitChangeView = z
  .object({
    changeId: text('The id of the event.', 'evt_0123'),
    consumerId,
    currency,
    limitMinor: whole('The limit since then. Minor units.', 63_000),
    previousMinor: whole('The limit before. Minor units.', 60_000),
    reason: text('Code of the reason.', 'PAID_ON_TIME'),
    reasons,
    rule: text(
      'The rule of behaviour that moved it; null where a report or other rules did.',
      'paid-on-time',
    ).nullable(),
    percent: whole('The limit is so many percent of what the score gives.', 105),
    score: whole('By the scorecard; null where there is none.', 640).nullable(),
    policyVersion,
    modelVersion,
    changedAt: text('Business time, ISO 8601.', '2026-03-15T00:00:00.000Z'),
  })
  .openapi('LimitChange')
