import type { Context } from 'hono'
import type { ApiParts } from './parts.ts'
import { isoTime } from './routing.ts'
import type { SessionTokens } from './tokens.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const DEVICE_MAX = 200

/** How long a session and its access token last from a business time on: what a command says of them. */
export function lifeOf({ sessionDays, accessMinutes }: ApiParts, at: number) {
  const refreshExpiresAt = at + sessionDays * DAY_MS
  return { expiresAt: Math.min(at + accessMinutes * MINUTE_MS, refreshExpiresAt), refreshExpiresAt }
}

/** The tokens of a session as its owner gets them. */
export function tokensShown(
  { access, refresh }: SessionTokens,
  session: { readonly consumerId: string; readonly sessionId: string; readonly expiresAt: number },
) {
  const { consumerId, sessionId, expiresAt } = session
  return {
    ...{ consumerId, sessionId, token: access.token, expiresAt: isoTime(expiresAt) },
    refreshToken: refresh.token,
  }
}

/** What a device says it is; it is shown to nobody but the owner of the session. */
export function deviceOf(c: Context): string | null {
  const said = (c.req.header('user-agent') ?? '').replaceAll(/\p{Cc}/gu, ' ').trim()
  return said === '' ? null : said.slice(0, DEVICE_MAX)
}
