/**
 * Signatures of what merchants are told: `t=<unix seconds>,v1=<hex>`, an HMAC-SHA256 over `<t>.<raw body>` with the
 * secret of the endpoint. While a secret is being changed there are two v1, and one that fits is enough.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The secret of a version of an endpoint. It is derived, so that it stands in no topic and no database. */
export function endpointSecret(master: string, endpointId: string, version: number): string {
  return `whsec_${createHmac('sha256', master).update(`webhook ${endpointId} ${version}`).digest('hex')}`
}

/** The header's value. `timeS`: unix time in seconds. */
export function signBody(rawBody: string, secrets: readonly string[], timeS: number): string {
  return [`t=${timeS}`, ...secrets.map((secret) => `v1=${macOf(rawBody, secret, timeS)}`)].join(',')
}

/** Whether a header's value is of this body and secret, and not older than the tolerance (seconds): for receivers. */
export function isSignedBy(
  rawBody: string,
  header: string,
  secret: string,
  { nowS, toleranceS = 300 }: { readonly nowS: number; readonly toleranceS?: number },
): boolean {
  const parts = header.split(',').map((part) => part.split('='))
  const timeS = Number(parts.find(([name]) => name === 't')?.[1])
  if (!Number.isSafeInteger(timeS) || Math.abs(nowS - timeS) > toleranceS) return false
  const expected = Buffer.from(macOf(rawBody, secret, timeS), 'hex')
  return parts.some(([name, mac = '']) => {
    const given = Buffer.from(mac, 'hex')
    return name === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function macOf(rawBody: string, secret: string, timeS: number): string {
  return createHmac('sha256', secret).update(`${timeS}.${rawBody}`).digest('hex')
}
