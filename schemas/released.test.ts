import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AvroDefinitions, type AvroField, type AvroObject, loadAvroFiles } from './avro-files.ts'
import { loadReleases, type Release, releaseProblems, writeRelease } from './released.ts'

const released: Release = { name: '0.1.0', definitions: loadAvroFiles() }

/** The present types with the fields of one of them changed. */
function changed(name: string, change: (fields: AvroField[]) => AvroField[]): AvroDefinitions {
  const schema = structuredClone(released.definitions.get(name)) as AvroObject
  schema.fields = change(schema.fields ?? [])
  return new Map([...released.definitions, [name, schema]])
}

/** Other types of a field, with no default that would not fit them. */
const retype = (name: string, type: string) => (fields: AvroField[]) =>
  fields.map((field) => (field.name === name ? { name, type } : field))

test('the present schemas follow every release', () => {
  expect(releaseProblems(loadAvroFiles(), loadReleases())).toEqual([])
})

test.each<[string, AvroDefinitions, string[]]>([
  [
    'a field with another type',
    changed('PurchaseApproved', retype('amountMinor', 'string')),
    ['fourfold.PurchaseApproved.amountMinor: it was long and is string (released in 0.1.0)'],
  ],
  [
    'a field in a nested record with another type',
    changed('MerchantTerms', retype('feeBps', 'string')),
    ['fourfold.PurchaseApproved.terms.feeBps: it was int and is string (released in 0.1.0)'],
  ],
  [
    'a field taken away that had no default',
    changed('PurchaseApproved', (fields) => fields.filter((field) => field.name !== 'score')),
    ['fourfold.PurchaseApproved.score: the field is gone, and had no default (released in 0.1.0)'],
  ],
  [
    'a new field without a default',
    changed('PurchaseApproved', (fields) => [...fields, { name: 'colour', type: 'string' }]),
    ['fourfold.PurchaseApproved.colour: the field is new and has no default (released in 0.1.0)'],
  ],
  [
    'a schema that is not valid',
    changed('PurchaseApproved', (fields) => [...fields, { name: 'colour', type: 'paint' }]),
    [
      expect.stringMatching(
        /^fourfold.PurchaseApproved: not valid Avro: .* names the type paint, .* \(released in 0.1.0\)$/,
      ),
    ],
  ],
  [
    'a record that is gone',
    new Map([...released.definitions].filter(([name]) => name !== 'AuditEntry')),
    ['fourfold.AuditEntry: the record is gone (released in 0.1.0)'],
  ],
])('names %s', (_, next, problems) => {
  expect(releaseProblems(next, [released])).toEqual(expect.arrayContaining(problems))
})

test.each<[string, AvroDefinitions]>([
  [
    'a new field with a default',
    changed('PurchaseApproved', (fields) => [...fields, { name: 'colour', type: 'string', default: 'red' }]),
  ],
  [
    'a nullable field taken away',
    changed('PurchaseApproved', (fields) => fields.filter((field) => field.name !== 'merchantReference')),
  ],
  ['a wider number', changed('PurchaseApproved', retype('score', 'long'))],
])('lets %s through', (_, next) => {
  expect(releaseProblems(next, [released])).toEqual([])
})

test('looks at every release, not at the last one only', () => {
  const second = changed('PurchaseApproved', (fields) => fields.filter((field) => field.name !== 'merchantReference'))
  const third = changed('PurchaseApproved', retype('merchantReference', 'long'))
  const releases = [released, { name: '0.2.0', definitions: second }]
  expect(releaseProblems(third, releases).join()).toContain('(released in 0.1.0)')
})

test('a release is written once and does not change', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fourfold-released-'))
  try {
    writeRelease(released, directory)
    expect(loadReleases(directory)).toEqual([released])
    expect(() => writeRelease(released, directory)).toThrow('EEXIST')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
