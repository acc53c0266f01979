import { describe, expect, test } from 'vitest'
import { addressProblem, isPrivateAddress } from './private-address.ts'

describe('addresses that a stranger must not make us call', () => {
  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1'],
    ...['::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '2001:db8::1', 'no address'],
  ])('%s', (address) => expect(isPrivateAddress(address)).toBe(true))

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('not %s', (address) =>
    expect(isPrivateAddress(address)).toBe(false),
  )
})

test.each([
  ['https://shop.example.com/hook', false, true],
  ['https://8.8.8.8/hook', false, true],
  ['http://shop.example.com/hook', false, false],
  ['https://user:secret@shop.example.com', false, false],
  ['https://localhost/hook', false, false],
  ['https://metadata.google.internal/', false, false],
  ['https://printer.local/', false, false],
  ['https://intranet/', false, false],
  ['https://127.0.0.1/', false, false],
  ['https://2130706433/', false, false],
  ['https://0x7f.1/', false, false],
  ['https://[::ffff:10.0.0.1]/', false, false],
  ['https://[fe80::1]/', false, false],
  ['ftp://shop.example.com', true, false],
  ['file:///etc/passwd', true, false],
  ['nonsense', true, false],
  ['http://127.0.0.1:8080/hook', true, true],
])('%s (private allowed: %s) may be called: %s', (url, isPrivateAllowed, may) => {
  expect(addressProblem(url, isPrivateAllowed) === null).toBe(may)
})
