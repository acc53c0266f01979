import { expect, test } from 'vitest'
import { SerdeNotReady } from '#streams'
import { type AvroObject, loadAvroFiles } from './avro-files.ts'
import { AvroRecord } from './avro-record.ts'
import type { PlanScheduled, PurchaseApproved } from './generated/types.ts'
import type { Schemas } from './open-schemas.ts'
import { readEnvelope } from './read-envelope.ts'
import { selfContained } from './self-contained.ts'
import { testSchemas } from './testing.ts'

const schemas: Schemas = testSchemas()

const approved: PurchaseApproved = {
  type: 'PurchaseApproved',
  meta: {
    id: 'evt_1',
    source: 'credit',
    occurredAt: 852_076_800_000,
    businessDate: '1997-01-01',
    correlationId: 'cmd_1',
    causationId: 'cmd_1',
    idempotencyKey: null,
  },
  consumerId: 'con_1',
  purchaseId: 'pur_1',
  decisionId: 'dec_1',
  checkoutId: 'chk_1',
  merchantId: 'mer_1',
  merchantName: 'CD Shop',
  product: 'PAY_IN_4',
  amountMinor: 100_00,
  currency: 'USD',
  paymentMethodId: 'pm_1',
  merchantReference: null,
  terms: {
    feeBps: 400,
    feeFixedMinor: 30,
    settlementDays: 2,
    refundPolicy: null,
    authorisationDays: null,
    settlement: null,
    monthly: [],
  },
  payoutAccount: 'acct_1',
  limitMinor: 600_00,
  exposureBeforeMinor: 0,
  exposureAfterMinor: 100_00,
  score: 700,
  policyVersion: '1',
  modelVersion: '1',
  features: { score: 700, utilisation: 0.25 },
  rulesHit: ['A', 'B'],
  scoreBase: 600,
  deviceId: null,
  variant: 'CHAMPION',
  firstPaymentMinor: null,
  monthly: null,
  reviewId: null,
  shadow: null,
  reports: [],
  contradiction: null,
  factors: [{ attribute: 'savings', value: null, points: -15, code: 'SCORE_SAVINGS' }],
}
const serde = schemas.topics.creditEvents.value

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

test('gives back a plain object that equals what was written, with its type', () => {
  const decoded = serde.deserialize(serde.serialize(approved))
  expect(decoded).toStrictEqual(approved)
  expect({ ...decoded }).toStrictEqual(approved)
})

test('writes the byte 0 and the schema id before the body', () => {
  const bytes = serde.serialize(approved)
  expect(bytes[0]).toBe(0)
  expect(schemas.recordOf(bytes)).toBe('PurchaseApproved')
})

test('encodes a value once that is asked for twice in a row', () => {
  const bytes = serde.serialize(approved)
  expect(serde.serialize(approved)).toBe(bytes)
  const other = { ...approved, purchaseId: 'pur_other' }
  expect(serde.deserialize(serde.serialize(other))).toStrictEqual(other)
  expect(serde.serialize(approved)).toEqual(bytes)
})

test('writes a nullable field that is left out as null', () => {
  const { merchantReference: _, ...rest } = approved
  expect(serde.deserialize(serde.serialize(rest as PurchaseApproved))).toStrictEqual(approved)
})

test('reads and writes a record longer than its buffer', () => {
  const long = { ...approved, rulesHit: Array.from({ length: 20_000 }, (_, index) => `RULE_${index}`) }
  expect(serde.deserialize(serde.serialize(long))).toStrictEqual(long)
  expect(serde.deserialize(serde.serialize(approved))).toStrictEqual(approved)
})

test.each([
  [
    'a wrong type',
    { amountMinor: '100' },
    'PurchaseApproved.amountMinor is a string of 3 characters, and must be long.',
  ],
  ['a fraction', { amountMinor: 0.5 }, 'PurchaseApproved.amountMinor is 0.5, and must be long.'],
  ['an unsafe integer', { amountMinor: 2 ** 53 }, 'PurchaseApproved.amountMinor is 9007199254740992'],
  ['a missing field', { consumerId: undefined }, 'PurchaseApproved.consumerId is missing, and must be string.'],
  ['a symbol that is none', { product: 'PAY_IN_5' }, 'must be one of PAY_IN_4, PAY_IN_30, PAY_MONTHLY.'],
  [
    'a date that is none',
    { meta: { ...approved.meta, businessDate: '1997-02-30' } },
    'PurchaseApproved.meta.businessDate',
  ],
  ['a bad item', { rulesHit: ['A', 1] }, 'PurchaseApproved.rulesHit.1 is 1, and must be string.'],
  ['a bad map value', { features: { score: 'x' } }, 'PurchaseApproved.features.score'],
  ['a bad nullable', { merchantReference: 5 }, 'PurchaseApproved.merchantReference is 5, and must be null or string.'],
])('refuses %s and names the field', (_, wrong, message) => {
  const error = thrownBy(() => serde.serialize({ ...approved, ...wrong } as never))
  expect(error).toMatchObject({ code: 'SERDE_INVALID_VALUE', message: expect.stringContaining(message) })
})

test('refuses a value whose type may not stand on the topic, or that has none', () => {
  const other = thrownBy(() => serde.serialize({ ...approved, type: 'PlanProposed' } as never))
  expect(other).toMatchObject({ code: 'SERDE_INVALID_VALUE', message: expect.stringContaining("type 'PlanProposed'") })
  expect(thrownBy(() => serde.serialize(null as never))).toMatchObject({ code: 'SERDE_INVALID_VALUE' })
})

test('refuses bytes that are not in wire format', () => {
  for (const text of ['', '{}', 'hello, world']) {
    expect(thrownBy(() => serde.deserialize(Buffer.from(text)))).toMatchObject({ code: 'SERDE_INVALID_BYTES' })
  }
})

test('refuses a body cut short at any byte, and one with bytes left over', () => {
  const bytes = serde.serialize(approved)
  for (let length = 0; length < bytes.length; length++) {
    const error = thrownBy(() => serde.deserialize(bytes.subarray(0, length)))
    expect(error, `cut at ${length}`).toMatchObject({ code: 'SERDE_INVALID_BYTES' })
  }
  const longer = thrownBy(() => serde.deserialize(Buffer.concat([bytes, Buffer.from([1])])))
  expect(longer).toMatchObject({
    code: 'SERDE_INVALID_BYTES',
    message: expect.stringContaining('1 bytes are left over'),
  })
})

test('decodes or refuses bytes with any one byte changed, quickly and without filling the memory', () => {
  const bytes = serde.serialize({ ...approved, rulesHit: Array.from({ length: 70 }, () => 'RULE') })
  const started = process.cpuUsage()
  for (let at = 5; at < bytes.length; at++) {
    for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
      const broken = Buffer.from(bytes)
      broken[at] = byte
      try {
        expect(serde.deserialize(broken)).toMatchObject({ type: 'PurchaseApproved', consumerId: expect.any(String) })
      } catch (error) {
        expect(error, `byte ${at} as ${byte}`).toMatchObject({ code: 'SERDE_INVALID_BYTES' })
      }
    }
  }
  // Of this process alone, so that other work on the machine does not count.
  expect(process.cpuUsage(started).user).toBeLessThan(2_000_000)
})

test('refuses a list that claims more items than there are bytes', () => {
  const bytes = serde.serialize({ ...approved, rulesHit: [] })
  const longer = serde.serialize({ ...approved, rulesHit: ['x'] })
  // Where the two differ first the list says how long it is.
  const at = bytes.findIndex((byte, index) => byte !== longer[index])
  const lying = Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f]),
    bytes.subarray(at + 1),
  ])
  const error = thrownBy(() => serde.deserialize(lying))
  expect(error).toMatchObject({ code: 'SERDE_INVALID_BYTES', message: expect.stringContaining('a list of') })
})

test('refuses a record of ours that may not stand on the topic', () => {
  const error = thrownBy(() => schemas.topics.planEvents.value.deserialize(serde.serialize(approved)))
  expect(error).toMatchObject({
    code: 'SERDE_UNEXPECTED_RECORD',
    message: expect.stringContaining('A PurchaseApproved'),
  })
})

test('says which id is unknown where the registry has no such schema', async () => {
  const bytes = serde.serialize(approved)
  bytes.writeInt32BE(99_999, 1)
  const error = thrownBy(() => serde.deserialize(bytes))
  expect(error).toBeInstanceOf(SerdeNotReady)
  await expect((error as SerdeNotReady).prepare()).rejects.toMatchObject({
    code: 'SCHEMA_UNKNOWN_ID',
    message: expect.stringContaining('99999'),
  })
})

/** Bytes of an older or newer writer, and schemas whose registry knows its schema. */
function writtenBy(change: (schema: AvroObject) => void, value: object): { schemas: Schemas; bytes: Buffer } {
  const writer = structuredClone(selfContained(loadAvroFiles(), 'ClockTicked'))
  change(writer)
  const bytes = new AvroRecord('ClockTicked', writer, 4711).encode(value)
  return {
    schemas: testSchemas({ source: { schemaById: (id) => Promise.resolve(id === 4711 ? writer : null) } }),
    bytes,
  }
}

const tick = { meta: approved.meta, time: 1, date: '1997-01-01' }

test('reads a newer record, without the field that we do not know, once its schema is fetched', async () => {
  const newer = writtenBy((schema) => schema.fields?.push({ name: 'zone', type: 'string' }), { ...tick, zone: 'UTC' })
  const clock = newer.schemas.topics.clock.value
  const error = thrownBy(() => clock.deserialize(newer.bytes))
  await (error as SerdeNotReady).prepare()
  expect(clock.deserialize(newer.bytes)).toStrictEqual({ ...tick, type: 'ClockTicked' })
  expect(newer.schemas.recordOf(newer.bytes)).toBe('ClockTicked')
})

test('reports a schema that ours cannot read', async () => {
  const retyped = writtenBy(
    (schema) => {
      for (const field of schema.fields ?? []) if (field.name === 'time') field.type = 'string'
    },
    { ...tick, time: 'noon' },
  )
  const error = thrownBy(() => retyped.schemas.topics.clock.value.deserialize(retyped.bytes))
  await expect((error as SerdeNotReady).prepare()).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' })
})

test('reports a schema of a record that is not ours', async () => {
  const foreign = writtenBy((schema) => {
    schema.name = 'Weather'
  }, tick)
  const error = thrownBy(() => foreign.schemas.topics.clock.value.deserialize(foreign.bytes))
  await expect((error as SerdeNotReady).prepare()).rejects.toMatchObject({ code: 'SERDE_UNEXPECTED_RECORD' })
})

test('reads the envelope of any record alone', () => {
  expect(readEnvelope(serde.serialize(approved))).toStrictEqual(approved.meta)
  expect(readEnvelope(Buffer.from('hello, world'))).toBeNull()
})

test('reads dates before 1970 and keeps instalments as plain objects', () => {
  const plans = schemas.topics.planEvents.value
  const scheduled: PlanScheduled = {
    type: 'PlanScheduled',
    meta: { ...approved.meta, businessDate: '1955-02-28' },
    consumerId: 'con_1',
    merchantId: 'mer_1',
    purchaseId: 'pur_1',
    planId: 'pln_1',
    currency: 'USD',
    captureId: 'cap_1',
    amountMinor: 1,
    depositAppliedMinor: 0,
    instalments: [],
    balance: {
      authorisedMinor: 1,
      capturedMinor: 1,
      releasedMinor: 0,
      refundedMinor: 0,
      depositMinor: 0,
      holdMinor: 0,
      outstandingMinor: 1,
      feesMinor: 0,
      paidMinor: 0,
      interestMinor: 0,
    },
  }
  expect(plans.deserialize(plans.serialize(scheduled))).toStrictEqual(scheduled)
})

test('keeps a state record without a type', () => {
  const answers = schemas.state('CommandAnswer')
  const answer = {
    commandId: 'cmd_1',
    idempotencyKey: null,
    outcomeType: 'PurchaseApproved',
    outcome: Buffer.from([0, 1, 2]),
    answeredAt: 1,
  }
  expect(answers.deserialize(answers.serialize(answer))).toStrictEqual(answer)
})
