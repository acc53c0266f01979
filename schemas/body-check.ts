/**
 * Walks over an Avro body without building its value, and refuses what no writer of the schema wrote: lengths and
 * counts that pass the end of the bytes, branches and symbols that do not exist. avsc reads what another version of a
 * record has written, and trusts it, so a count in broken bytes could make it fill gigabytes; after this walk it may.
 */
import avro, { type Type } from 'avsc'

/** A place in the bytes. */
type Cursor = { readonly bytes: Buffer; at: number }

type Walk = (cursor: Cursor) => void

/** Checks a body from `at` on and gives the position after it. @throws RangeError saying what is wrong. */
export type BodyCheck = (bytes: Buffer, at: number) => number

/** Compiles the check of a schema: the one the bytes were WRITTEN with. */
export function bodyCheck(type: Type): BodyCheck {
  const walk = compile(type, new Map())
  return (bytes, at) => {
    const cursor = { bytes, at }
    walk(cursor)
    return cursor.at
  }
}

const FIXED_BYTES: Readonly<Record<string, number>> = { null: 0, float: 4, double: 8 }

function compile(type: Type, known: Map<Type, Walk>): Walk {
  const earlier = known.get(type)
  if (earlier) return (cursor) => earlier(cursor)
  if (avro.Type.isType(type, 'logical')) return compile((type as avro.types.LogicalType).underlyingType, known)
  const { typeName } = type
  const bytes = FIXED_BYTES[typeName]
  if (bytes !== undefined) return (cursor) => advance(cursor, bytes)
  if (typeName === 'boolean') return (cursor) => below(readByte(cursor), 2, 'boolean')
  if (typeName === 'int' || typeName === 'long') return skipLong
  if (typeName === 'string' || typeName === 'bytes') return skipLengthAndBytes
  if (avro.Type.isType(type, 'fixed')) return (cursor) => advance(cursor, (type as avro.types.FixedType).size)
  if (avro.Type.isType(type, 'enum')) {
    const { length } = (type as avro.types.EnumType).symbols
    return (cursor) => below(readLong(cursor), length, 'symbol')
  }
  return compileNested(type, known)
}

function compileNested(type: Type, known: Map<Type, Walk>): Walk {
  if (avro.Type.isType(type, 'record')) {
    const walks: Walk[] = []
    const walk: Walk = (cursor) => {
      for (let index = 0; index < walks.length; index++) walks[index]?.(cursor)
    }
    known.set(type, walk)
    for (const field of (type as avro.types.RecordType).fields) walks.push(compile(field.type, known))
    return walk
  }
  if (avro.Type.isType(type, 'union')) {
    const branches = (type as avro.types.UnwrappedUnionType).types.map((branch) => compile(branch, known))
    return (cursor) => {
      const index = readLong(cursor)
      below(index, branches.length, 'branch')
      branches[index]?.(cursor)
    }
  }
  if (avro.Type.isType(type, 'map')) {
    const value = compile((type as unknown as { valuesType: Type }).valuesType, known)
    return blocks((cursor) => {
      skipLengthAndBytes(cursor)
      value(cursor)
    })
  }
  return blocks(compile((type as avro.types.ArrayType).itemsType, known))
}

/** Arrays and maps: blocks of items, each with its count (negative: its bytes follow), ended by a count of 0. */
function blocks(item: Walk): Walk {
  return (cursor) => {
    for (let count = readLong(cursor); count !== 0; count = readLong(cursor)) {
      if (count < 0) skipLong(cursor)
      const items = Math.abs(count)
      // An item takes a byte at least (we have no empty ones), so a greater count is a lie.
      if (items > cursor.bytes.length - cursor.at) throw new RangeError(`a list of ${items} items in too few bytes`)
      for (let index = 0; index < items; index++) item(cursor)
    }
  }
}

function skipLengthAndBytes(cursor: Cursor): void {
  const length = readLong(cursor)
  if (length < 0) throw new RangeError(`a length of ${length} at byte ${cursor.at}`)
  advance(cursor, length)
}

function skipLong(cursor: Cursor): void {
  for (let bytes = 1; readByte(cursor) >= 0x80; bytes++) {
    if (bytes === 10) throw new RangeError(`a number of more than 10 bytes at byte ${cursor.at}`)
  }
}

function readLong(cursor: Cursor): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = readByte(cursor)
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
    if (scale > Number.MAX_SAFE_INTEGER) throw new RangeError(`a number that is too large at byte ${cursor.at}`)
  }
}

function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at]
  if (byte === undefined) throw new RangeError('they end too early')
  cursor.at++
  return byte
}

function advance(cursor: Cursor, bytes: number): void {
  if (bytes > cursor.bytes.length - cursor.at) throw new RangeError('they end too early')
  cursor.at += bytes
}

function below(value: number, limit: number, what: string): void {
  if (value < 0 || value >= limit) throw new RangeError(`no such ${what}: ${value}`)
}
