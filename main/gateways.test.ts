import { expect, test } from 'vitest'
import { Closers } from './closers.ts'
import { Peers } from './cluster/peers.ts'
import { gatewaysOf } from './gateways.ts'
import { openProviders } from './providers.ts'
import { readSettings } from './settings.ts'

const REAL = { GATEWAY_URL: 'https://one.example', GATEWAY_2_URL: 'https://two.example' }
const SANDBOXES = { gateway: 'http://127.0.0.1:1/gateway', gateway2: 'http://127.0.0.1:1/gateway-2' }

test.each([
  ['none is set: both are the sandboxes', {}, true, ['primary', 'secondary'], SANDBOXES.gateway2],
  ['both are set', REAL, false, ['primary', 'secondary'], REAL.GATEWAY_2_URL],
])('the gateways where %s', (_, env, isSandbox, names, second) => {
  const gateways = gatewaysOf(readSettings({ env }).settings, () => SANDBOXES)
  expect([gateways.isSandbox, gateways.names, gateways.url('secondary')]).toEqual([isSandbox, names, second])
})

test('a real gateway alone is all there is', () => {
  const { settings } = readSettings({ env: { GATEWAY_URL: REAL.GATEWAY_URL } })
  const gateways = gatewaysOf(settings, () => {
    throw new Error('Nobody asks for the sandboxes.')
  })
  expect([gateways.isSandbox, gateways.names, gateways.url('primary')]).toEqual([false, ['primary'], REAL.GATEWAY_URL])
})

test('a real gateway beside a sandbox is refused: it does not know the cards', async () => {
  const { settings } = readSettings({ env: { GATEWAY_2_URL: REAL.GATEWAY_2_URL } })
  await expect(openProviders(settings, {}, new Peers(), new Closers())).rejects.toMatchObject({
    code: 'GATEWAYS_MIXED',
  })
})
