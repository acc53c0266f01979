import { z } from '@hono/zod-openapi'
import { id, instant, oneOf, text } from './view-fields.ts'

/** What callers get about accounts, sessions and one-time codes. Times are ISO 8601 in business time. */

const sessionId = id('ses', 'The session.')
const expiresAt = instant('When the access token ends; get new ones with the refresh token before or after that.')

/** The tokens of a session: given out once, kept as hashes. */
export const SessionView = z
  .object({
    consumerId: id('con', 'The consumer.'),
    sessionId,
    token: text('The access token, for the header Authorization. A repeat of the request gives the same one again.'),
    expiresAt,
    refreshToken: text('Good once, for POST /v1/sessions/refresh. Using it a second time ends the session.'),
    refreshExpiresAt: instant('When the session ends, however often it is refreshed.'),
  })
  .openapi('Session')

/** Tokens that take the place of spent ones. */
export const RefreshedView = SessionView.omit({ refreshExpiresAt: true }).openapi('RefreshedSession')

/** A session in the list of them. */
export const OpenSessionView = z
  .object({
    sessionId,
    startedAt: instant('When it was opened.').nullable(),
    refreshedAt: instant('When it last got new tokens.').nullable(),
    expiresAt,
    device: text('What the device said it is (User-Agent).', 'Firefox on Linux').nullable(),
    current: z.boolean().openapi({ description: 'True for the session that asks.' }),
  })
  .openapi('OpenSession')

/** A code that is on its way. */
export const VerificationView = z
  .object({
    verificationId: id('cod', 'The code, for confirming it.'),
    contact: oneOf(['EMAIL', 'PHONE'], 'What is to be proved, and where the code was sent.'),
    expiresAt: instant('When the code ends.'),
    resendAt: instant('When another one can be asked for.'),
  })
  .openapi('Verification')

/** An address or a number that is proved. */
export const VerifiedView = z
  .object({
    contact: oneOf(['EMAIL', 'PHONE'], 'What was proved.'),
    verified: z.literal(true).openapi({ description: 'Always true: what is not proved is a problem.' }),
  })
  .openapi('Verified')

/** An account that was asked for: the same for everybody. */
export const RegistrationView = z
  .object({ registrationId: id('cod', 'What was asked for. The code that opens the account comes by e-mail.') })
  .openapi('RegistrationAsked')

/** A reset that was asked for: the same for everybody. */
export const PasswordResetView = z
  .object({ resetId: id('cod', 'The reset. The code comes by e-mail, where there is such an account.') })
  .openapi('PasswordReset')
