import { z } from '@hono/zod-openapi'
import { instant, oneOf, text, whole } from './view-fields.ts'

/** A message as it went out, or why it did not. */
export const NoticeView = z
  .object({
    notificationId: text('The message.', 'ntf_0123456789abcdef'),
    channel: oneOf(['EMAIL', 'SMS', 'PUSH'], 'How it was sent.'),
    template: text('What it says.', 'payment-received'),
    templateVersion: whole('Which wording of it.', 2).nullable(),
    language: text('BCP 47.', 'en').nullable(),
    subject: text('Null for a text message.', 'We received 14.32 USD').nullable(),
    body: text('The very words; where a one-time code was, it says {code}.').nullable(),
    status: oneOf(['SENT', 'FAILED', 'RETURNED'], 'RETURNED: it went out and came back.'),
    failureCode: text('Why it did not arrive.', 'smtp_550').nullable(),
    provider: text('Who sent it, of those of the channel.', 'email-1').nullable(),
    reportedAt: instant('When that was known.'),
  })
  .openapi('Notice')
