import { createHmac } from 'node:crypto'
import type { Context } from 'hono'
import type { ApiParts } from './parts.ts'

/** Of an IPv6 address: what a household or a server is given is a network of so many groups. */
const NETWORK_GROUPS = 4
const GROUPS = 8

/**
 * Who asks for a mail to somebody's address, as far as that can be told: a keyed hash of their network. Of another
 * consumer it is another one, so that nobody can be followed from one address to the next.
 */
export function requesterOf({ codeSecret, addressOf }: ApiParts, c: Context, consumerId: string): string {
  const mac = createHmac('sha256', codeSecret).update(`requester\n${consumerId}\n${networkOf(addressOf(c))}`)
  return mac.digest('hex').slice(0, 16)
}

/** The network of an address: itself for IPv4, the first half for IPv6, where whoever has one address has them all. */
export function networkOf(address: string): string {
  const v4 = /(?:^|:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (v4 !== undefined) return v4
  const [left = '', right] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  if (right === undefined) return [...left].slice(0, NETWORK_GROUPS).join(':')
  const zeros = Array.from({ length: Math.max(0, GROUPS - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].slice(0, NETWORK_GROUPS).join(':')
}
