import { type Connection, saslAuthenticateV2, saslHandshakeV1, saslPlain, saslScramSha } from '@platformatic/kafka'
import { NoAnswer } from './answers.ts'
import type { FetchLink } from './fetch-link.ts'
import { authenticationFailed, type BrokerAddress } from './links.ts'
import type { SaslCredentials } from './options.ts'

/** Of a session, how much is used before it has to be begun anew. */
const SESSION_SHARE = 0.8

/**
 * Signs in on a connection of ours by the functions of the client; answers with when that ends, by `performance.now`.
 * @throws NoAnswer; StreamsError LOG_AUTHENTICATION_FAILED
 */
export async function signIn(link: FetchLink, sasl: SaslCredentials, { host, port }: BrokerAddress): Promise<number> {
  const { mechanism, username, password } = sasl
  // They only send on it.
  const connection = link as Pick<Connection, 'send'> as Connection
  try {
    await saslHandshakeV1.api.async(connection, mechanism)
    const api = saslAuthenticateV2.api
    const { sessionLifetimeMs } =
      mechanism === 'PLAIN'
        ? await saslPlain.authenticate(api, connection, username, password)
        : await saslScramSha.authenticate(api, connection, algorithmOf(mechanism), username, password)
    const lifetimeMs = Number(sessionLifetimeMs)
    return lifetimeMs > 0 ? performance.now() + lifetimeMs * SESSION_SHARE : Infinity
  } catch (error) {
    // Silence is no refusal, also where the client has wrapped it in one.
    for (let one: unknown = error; one instanceof Error; one = one.cause) if (one instanceof NoAnswer) throw one
    throw authenticationFailed(host, port, error)
  }
}

function algorithmOf(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'): 'SHA-256' | 'SHA-512' {
  return mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512'
}
