import avro, { type Schema, type Type } from 'avsc'
import { expect, test } from 'vitest'
import { loadAvroFiles } from './avro-files.ts'
import { avroType, decodePlainObjects } from './avro-type.ts'
import { BodyReader } from './body-reader.ts'
import { BodyWriter } from './body-writer.ts'
import { compileReader } from './compile-reader.ts'
import { compileWriter } from './compile-writer.ts'
import { selfContained } from './self-contained.ts'

/** Writes and reads by what is compiled for a type. */
function compiled(type: Type) {
  const [write, read] = [compileWriter(type), compileReader(type)]
  const [writer, reader] = [new BodyWriter(), new BodyReader()]
  return {
    write: (value: unknown) => {
      writer.begin()
      write(writer, value)
      return writer.end()
    },
    read: (bytes: Buffer) => {
      reader.begin(bytes, 0)
      const value = read(reader)
      reader.end()
      return value
    },
  }
}

const files = loadAvroFiles()
const records = [...files].filter(([, { type }]) => type === 'record').map(([name]) => name)

test.each(records)('writes and reads %s as avsc does', (name) => {
  const type = avroType(selfContained(files, name))
  decodePlainObjects(type)
  const { write, read } = compiled(type)
  for (let round = 0; round < 20; round++) {
    // A copy by avsc's own bytes: what it draws are objects of its own classes.
    const value = type.fromBuffer(type.toBuffer(type.random()))
    const bytes = write(value)
    expect(bytes).toEqual(type.toBuffer(value))
    expect(read(bytes)).toStrictEqual(value)
  }
})

const EVERYTHING = {
  type: 'record',
  name: 'Everything',
  fields: [
    { name: 'self', type: ['null', 'Everything'], default: null },
    { name: 'text', type: 'string', default: 'é'.repeat(30) },
    { name: 'long', type: 'long' },
    { name: 'int', type: 'int' },
    { name: 'double', type: 'double' },
    { name: 'float', type: 'float' },
    { name: 'bytes', type: ['bytes', 'null', 'long', 'boolean', { type: 'array', items: 'int' }] },
    { name: 'two', type: { type: 'fixed', name: 'Two', size: 2 } },
    { name: 'map', type: { type: 'map', values: ['null', 'string'] } },
    { name: 'lists', type: { type: 'array', items: { type: 'array', items: { type: 'map', values: 'int' } } } },
  ],
} as Schema

const some = {
  ...{ self: null, text: '', long: 0, int: 0, double: 0.5, float: -2, bytes: null },
  ...{ two: Buffer.from([1, 2]), map: {}, lists: [] },
}

test.each<[string, object]>([
  ['a record inside of itself', { self: { ...some, self: some } }],
  ['a field that is left out', { text: undefined }],
  ['texts of other alphabets', { text: 'Zürich – Ωμέγα 😀', map: { ключ: 'значение', none: null } }],
  ['the same short text twice, and another with its place', { map: { a: 'EUR', b: 'EUR', c: 'é', d: 'Ã©', e: '' } }],
  ...[63, -64, 64, 2 ** 27 - 1, 2 ** 27, -(2 ** 27), 2 ** 31, -(2 ** 31), 2 ** 52, -(2 ** 52)].map(
    (long): [string, object] => [`the number ${long}`, { long, int: long | 0, bytes: long }],
  ),
  ['each branch of a union', { lists: [[], [{}, { x: 1 }]], bytes: Buffer.from('bytes') }],
  ['a flag in a union', { bytes: true }],
  ['a list in a union', { bytes: [1, -1] }],
])('writes and reads %s as avsc does', (_, fields) => {
  const type = avro.Type.forSchema(EVERYTHING, { wrapUnions: 'never' } as never)
  decodePlainObjects(type)
  const { write, read } = compiled(type)
  const bytes = write({ ...some, ...fields })
  expect(bytes).toEqual(type.toBuffer({ ...some, ...fields }))
  expect(read(bytes)).toStrictEqual(type.fromBuffer(bytes))
})

test.each<[string, object]>([
  ['a number for a text', { text: 1 }],
  ['a fraction', { long: 1.5 }],
  ['a number that is not safe', { long: 2 ** 53 - 1 }],
  ['a number beyond 32 bits', { int: 2 ** 31 }],
  ['bytes of another length', { two: Buffer.from([1]) }],
  ['a value that no branch takes', { bytes: 'text' }],
  ['a list for a map', { map: [] }],
  ['an item that is missing', { lists: [[undefined]] }],
])('refuses to write %s, as avsc does', (_, fields) => {
  const type = avro.Type.forSchema(EVERYTHING, { wrapUnions: 'never' } as never)
  expect(() => type.toBuffer({ ...some, ...fields })).toThrow()
  expect(() => compiled(type).write({ ...some, ...fields })).toThrow()
})

test('reads blocks that say how many bytes they take, and refuses an endless number', () => {
  const list = avro.Type.forSchema({
    type: 'record',
    name: 'List',
    fields: [{ name: 'of', type: { type: 'array', items: 'long' } }],
  } as Schema)
  const { read } = compiled(list)
  expect(read(Buffer.from([3, 4, 2, 4, 2, 6, 0]))).toEqual({ of: [1, 2, 3] })
  expect(() => read(Buffer.from([2, ...new Array(10).fill(0xff), 1, 0]))).toThrow('too large')
})

test('refuses a union whose branches take the same values', () => {
  const type = avroType({
    type: 'record',
    name: 'One',
    fields: [{ name: 'of', type: ['null', { type: 'int', logicalType: 'date' }, 'string'] }],
  } as never)
  expect(() => compileWriter(type)).toThrow('Two branches')
})
