import { expect, test } from 'vitest'
import type { ShareableLog, Topology } from '#streams'
import { readSettings } from '../settings.ts'
import { shareOfThreads } from './shares.ts'

const NAMES = ['consumers', 'merchants', 'credit', 'purchases', 'payments', 'ledger', 'audit']
const topologies = new Map(NAMES.map((name) => [name, {} as Topology]))

function shares(threads: string, isShareable = true) {
  const { settings } = readSettings({ env: {}, args: ['--threads', threads, '--state-cache-bytes', '12000000'] })
  const storage = { shareable: isShareable ? ({} as ShareableLog) : null }
  const { here, beside, settings: own } = shareOfThreads({ settings, storage, topologies })
  return { here, beside, cache: own.STATE_CACHE_BYTES }
}

test.each([
  ['0', { here: NAMES, beside: [], cache: 12_000_000 }],
  ['1', { here: NAMES.slice(0, 3), beside: [NAMES.slice(3)], cache: 6_000_000 }],
  [
    '2',
    {
      here: NAMES.slice(0, 3),
      beside: [
        ['purchases', 'ledger'],
        ['payments', 'audit'],
      ],
      cache: 4_000_000,
    },
  ],
])('with THREADS=%s each topology runs once, and what answers the API on the main thread', (threads, wanted) => {
  expect(shares(threads)).toEqual(wanted)
})

test('a log that other processes share takes no threads', () => {
  expect(shares('3', false)).toEqual({ here: NAMES, beside: [], cache: 12_000_000 })
})
