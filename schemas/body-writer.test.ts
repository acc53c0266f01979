import avro, { type Schema } from 'avsc'
import { expect, test } from 'vitest'
import { BodyReader } from './body-reader.ts'
import { LONG_END } from './body-types.ts'
import { BodyWriter } from './body-writer.ts'

/** Writes each value behind the last one, and answers what was handed out for each. */
function written(schema: Schema, values: readonly unknown[]): Buffer[] {
  const type = avro.Type.forSchema(schema) as unknown as { _write(writer: BodyWriter, value: unknown): void }
  const writer = new BodyWriter()
  return values.map((value) => {
    writer.begin()
    type._write(writer, value)
    return writer.end()
  })
}

function byAvsc(schema: Schema, values: readonly unknown[]): Buffer[] {
  return values.map((value) => avro.Type.forSchema(schema).toBuffer(value))
}

/** A long by the rule of Avro's specification, in numbers that have room for it. */
function zigzag(value: number): Buffer {
  const bytes: number[] = []
  let rest = value >= 0 ? 2n * BigInt(value) : -2n * BigInt(value) - 1n
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

test('writes and reads whole numbers exactly, around every length they can have', () => {
  const edges = Array.from({ length: 53 }, (_, bits) => 2 ** bits).flatMap((edge) => [edge - 1, edge, edge + 1])
  const both = [0, ...edges, LONG_END - 1, ...edges.map((edge) => 0 - edge), 1 - LONG_END]
  const values = both.filter((value) => Math.abs(value) < LONG_END)
  const bytes = written('long', values)
  expect(bytes).toEqual(values.map(zigzag))
  const reader = new BodyReader()
  for (const [index, value] of values.entries()) {
    reader.begin(bytes[index] as Buffer, 0)
    expect(reader.readLong()).toBe(value)
    reader.end()
  }
  for (const value of [LONG_END, -LONG_END, 2 ** 60, -(2 ** 60)]) {
    reader.begin(zigzag(value), 0)
    expect(() => reader.readLong()).toThrow('too large')
  }
  const small = values.filter((value) => value === (value | 0))
  expect(written('int', small)).toEqual(byAvsc('int', small))
})

test('writes text as UTF-8, short and long, wherever it leaves ASCII', () => {
  const lengths = [0, 1, 19, 20, 21, 63, 64, 65, 127, 128, 8_191, 8_192]
  const plain = lengths.map((length) => 'x'.repeat(length))
  const mixed = plain.flatMap((text) => ['é', '€', '😀'].flatMap((mark) => [`${text}${mark}`, `${mark}${text}`]))
  expect(written('string', [...plain, ...mixed])).toEqual(byAvsc('string', [...plain, ...mixed]))
})

test('writes bytes, fractions, flags and fixed bytes', () => {
  for (const [schema, values] of [
    ['bytes', [Buffer.alloc(0), Buffer.from([1, 2, 3]), Buffer.alloc(5_000, 7)]],
    ['double', [0, -0, 1.5, -1e300]],
    ['float', [0, 0.5, -2]],
    ['boolean', [true, false]],
    [{ type: 'fixed', name: 'Two', size: 2 }, [Buffer.from([1, 2])]],
    [{ type: 'map', values: 'int' }, [{}, { one: 1, two: 2 }]],
  ] as [Schema, unknown[]][]) {
    expect(written(schema, values)).toEqual(byAvsc(schema, values))
  }
})

test('what was handed out stays as it is while others are written, and after one that was given up', () => {
  const texts = Array.from({ length: 400 }, (_, index) => `${index} `.repeat(index * 7))
  const type = avro.Type.forSchema({ type: 'array', items: 'string' }) as unknown as {
    _write(writer: BodyWriter, value: unknown): void
  }
  const writer = new BodyWriter()
  const all = texts.map((text) => {
    writer.begin()
    expect(() => type._write(writer, ['given up', 7])).toThrow()
    writer.begin()
    type._write(writer, [text])
    return writer.end()
  })
  expect(all).toEqual(
    byAvsc(
      { type: 'array', items: 'string' },
      texts.map((text) => [text]),
    ),
  )
})
