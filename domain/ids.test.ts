import { expect, test } from 'vitest'
import { deriveId, sha256 } from './ids.ts'

test('gives the same id for the same parts', () => {
  expect(deriveId('pln', 'pur_1')).toBe(deriveId('pln', 'pur_1'))
  expect(deriveId('pln', 'pur_1')).toMatch(/^pln_[0-9a-f]{32}$/)
})

test('keeps parts apart, so that no two lists of parts share an id', () => {
  expect(deriveId('x', 'ab', 'c')).not.toBe(deriveId('x', 'a', 'bc'))
})

test('hashes as SHA-256 does (FIPS 180-4)', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
