/** Addresses that a stranger must not make us call: our own machine, our own network, and what is no single host. */
import { BlockList, isIP } from 'node:net'

const PRIVATE = new BlockList()
for (const [net, bits] of [
  ...[
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
  ],
  ...[
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
  ],
  ...[
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
] as const) {
  PRIVATE.addSubnet(net as string, bits as number, 'ipv4')
}
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
]) {
  PRIVATE.addSubnet(net as string, bits as number, 'ipv6')
}
PRIVATE.addSubnet('2001:db8::', 32, 'ipv6')

/** True for an IP address that is not a host of the public internet; also one that is written as IPv4 in IPv6. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return true
  if (family === 4) return PRIVATE.check(address, 'ipv4')
  const mapped = mappedIpv4(address)
  return mapped === null ? PRIVATE.check(address, 'ipv6') : isPrivateAddress(mapped)
}

/** Why an address of a merchant is not called; null where it may be. A name is looked up when it is called. */
export function addressProblem(url: string, isPrivateAllowed: boolean): string | null {
  if (!URL.canParse(url)) return 'is no URL'
  const { protocol, hostname, username, password } = new URL(url)
  if (username !== '' || password !== '') return 'must not hold a user name or password'
  if (protocol !== 'https:' && !(isPrivateAllowed && protocol === 'http:')) return 'must begin with https://'
  if (isPrivateAllowed) return null
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return isPrivateAddress(host) ? 'must not be an address of a private network' : null
  if (!host.includes('.') || /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i.test(host)) {
    return 'must be a host of the public internet'
  }
  return null
}

/** `::ffff:10.0.0.1` in either of its forms as `10.0.0.1`; null for any other address. */
function mappedIpv4(address: string): string | null {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? []
  if (high === undefined || low === undefined) return null
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [one >> 8, one & 255, two >> 8, two & 255].join('.')
}
