import { expect, test } from 'vitest'
import type { Position } from '#streams'
import { FreshQueries } from './fresh-queries.ts'
import type { StateQueries } from './ports.ts'

type Read = { readonly app: string; readonly key: string; readonly position: number | null }

/** Queries that write down what they are asked. */
function noted(fails = false) {
  const reads: Read[] = []
  const queries: StateQueries = {
    get: (app, _store, key, { position }) => {
      reads.push({ app, key, position: position?.offset ?? null })
      return fails ? Promise.reject(new Error('not in time')) : Promise.resolve(undefined)
    },
  }
  return { reads, fresh: new FreshQueries(queries) }
}

const at = (offset: number): Position => ({ topic: 'merchant.commands', partition: 1, offset })

test('a read of a key that was just written waits for the write, once', async () => {
  const { reads, fresh } = noted()
  fresh.wrote(['merchants'], 'mer_1', at(7))
  await fresh.get('merchants', 'checkouts', 'chk_1', { partitionKey: 'mer_1' })
  await fresh.get('merchants', 'merchants', 'mer_1', { partitionKey: 'mer_1' })
  await fresh.get('merchants', 'merchants', 'mer_2', { partitionKey: 'mer_2' })
  expect(reads).toEqual([
    { app: 'merchants', key: 'chk_1', position: 7 },
    { app: 'merchants', key: 'mer_1', position: null },
    { app: 'merchants', key: 'mer_2', position: null },
  ])
})

test('each topology that reads the command is waited for by itself', async () => {
  const { reads, fresh } = noted()
  fresh.wrote(['credit', 'purchases'], 'con_1', at(3))
  await fresh.get('credit', 'credit', 'con_1', { partitionKey: 'con_1' })
  await fresh.get('purchases', 'purchases', 'pur_1', { partitionKey: 'con_1' })
  await fresh.get('payments', 'wallets', 'con_1', { partitionKey: 'con_1' })
  expect(reads.map(({ position }) => position)).toEqual([3, 3, null])
})

test('the newest write counts, whatever order they are told in', async () => {
  const { reads, fresh } = noted()
  fresh.wrote(['merchants'], 'mer_1', at(9))
  fresh.wrote(['merchants'], 'mer_1', at(8))
  await fresh.get('merchants', 'merchants', 'mer_1', { partitionKey: 'mer_1' })
  expect(reads).toEqual([{ app: 'merchants', key: 'mer_1', position: 9 }])
})

test('a position the caller names goes before the remembered one', async () => {
  const { reads, fresh } = noted()
  fresh.wrote(['merchants'], 'mer_1', at(9))
  await fresh.get('merchants', 'merchants', 'mer_1', { partitionKey: 'mer_1', position: at(4) })
  await fresh.get('merchants', 'merchants', 'mer_1', { partitionKey: 'mer_1' })
  expect(reads.map(({ position }) => position)).toEqual([4, 9])
})

test('a read that failed leaves the next one waiting as well', async () => {
  const { reads, fresh } = noted(true)
  fresh.wrote(['merchants'], 'mer_1', at(9))
  for (let look = 0; look < 2; look += 1) {
    await expect(fresh.get('merchants', 'merchants', 'mer_1', { partitionKey: 'mer_1' })).rejects.toThrow('in time')
  }
  expect(reads.map(({ position }) => position)).toEqual([9, 9])
})
