import { describe, expect, test } from 'vitest'
import { loadAvroFiles } from './avro-files.ts'
import { sampleRecord, type TopicRecord } from './sample-record.ts'
import { testSchemas } from './testing.ts'

const names = [...loadAvroFiles().values()]
  .filter((schema) => schema.fields?.[0]?.name === 'meta')
  .map((schema) => schema.name as TopicRecord['type'])

describe('sampleRecord', () => {
  test.each(names)('makes a valid %s', (name) => {
    const serde = testSchemas().codec.union<TopicRecord>([name])
    const sample = sampleRecord(name)
    expect(serde.deserialize(serde.serialize(sample))).toEqual(sample)
  })

  test('takes the fields a test is about', () => {
    expect(sampleRecord('PayoutPaid', { amountMinor: 140 })).toMatchObject({ amountMinor: 140, currency: 'EUR' })
  })
})
