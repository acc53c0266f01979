import { expect, test } from 'vitest'
import { Directory } from './directory.ts'

function directoryOver(owners: Map<string, string>, onCaughtUp: () => void = () => undefined) {
  const looked: string[] = []
  const lookup = (id: string) => {
    looked.push(id)
    return Promise.resolve(owners.get(id) ?? null)
  }
  const caughtUp = () => Promise.resolve(onCaughtUp())
  return { looked, directory: new Directory({ lookups: { chk: lookup }, caughtUp }) }
}

test('finds an owner once and keeps it: an owner never changes', async () => {
  const { looked, directory } = directoryOver(new Map([['chk_1', 'mer_1']]))
  expect(await directory.ownerOf('chk_1', 'CHECKOUT_UNKNOWN')).toBe('mer_1')
  expect(await directory.ownerOf('chk_1', 'CHECKOUT_UNKNOWN')).toBe('mer_1')
  expect(looked).toEqual(['chk_1'])
})

test('needs no lookup for what this node has made', async () => {
  const { looked, directory } = directoryOver(new Map())
  directory.remember('chk_1', 'mer_1')
  expect(await directory.ownerOf('chk_1', 'CHECKOUT_UNKNOWN')).toBe('mer_1')
  expect(looked).toEqual([])
})

test('looks again when the read model has caught up: it may have been written a moment ago', async () => {
  const owners = new Map<string, string>()
  const { looked, directory } = directoryOver(owners, () => owners.set('chk_1', 'mer_1'))
  expect(await directory.ownerOf('chk_1', 'CHECKOUT_UNKNOWN')).toBe('mer_1')
  expect(looked).toEqual(['chk_1', 'chk_1'])
})

test.each(['chk_2', 'pur_1', 'nonsense', ''])('%j has no owner', async (id) => {
  const { directory } = directoryOver(new Map())
  await expect(directory.ownerOf(id, 'CHECKOUT_UNKNOWN')).rejects.toMatchObject({
    status: 404,
    code: 'CHECKOUT_UNKNOWN',
  })
})
