import type { RefreshedSession, Session } from '../api-types.ts'
import { ApiClient } from '../kit/api-client.ts'
import { keep, kept } from '../kit/kept.ts'

const nobody = new ApiClient(() => null)
let renewing: Promise<boolean> | null = null

/** Remembers the tokens of a session until the tab is closed. */
export function keepSession(session: Session | RefreshedSession): void {
  keep('consumer-token', session.token)
  keep('consumer-refresh', session.refreshToken)
}

/** Forgets the session. */
export function forgetSession(): void {
  for (const name of ['consumer-token', 'consumer-refresh'] as const) keep(name, null)
}

/** Gets new tokens; false where the session is over. Many who ask at once ask once: a refresh token is good once. */
export function renewSession(): Promise<boolean> {
  renewing ??= renew().finally(() => {
    renewing = null
  })
  return renewing
}

async function renew(): Promise<boolean> {
  const refreshToken = kept('consumer-refresh')
  if (refreshToken === null) return false
  try {
    keepSession(await nobody.post<RefreshedSession>('/v1/sessions/refresh', { refreshToken }))
    return true
  } catch {
    return false
  }
}
