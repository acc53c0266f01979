/** The types of avsc with what they are made of, as compilers of bodies look at them. */
import avro, { type Type } from 'avsc'

/** A long is closer to 0 than this, for avsc, whose readers of other versions of a record refuse what is not. */
export const LONG_END = Number.MAX_SAFE_INTEGER

/** A type whose values are another type's, told otherwise: a date, which is a number of days. */
export type Logical = {
  readonly underlyingType: Type
  _fromValue(stored: unknown): unknown
  /** Undefined where the value cannot be stored. */
  _toValue(value: unknown): unknown
}

/** What a type is, with its parts. */
export type Shape =
  | { readonly kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes' }
  | { readonly kind: 'logical'; readonly logical: Logical }
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array' | 'map'; readonly items: Type }
  | { readonly kind: 'union'; readonly branches: readonly Type[] }
  | { readonly kind: 'record'; readonly fields: readonly avro.types.Field[] }

/** Looks at a type. */
export function shapeOf(type: Type): Shape {
  const { typeName } = type
  if (avro.Type.isType(type, 'logical')) return { kind: 'logical', logical: type as unknown as Logical }
  switch (typeName) {
    case 'null':
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'string':
    case 'bytes':
      return { kind: typeName }
    case 'fixed':
      return { kind: typeName, size: (type as avro.types.FixedType).size }
    case 'enum':
      return { kind: typeName, symbols: (type as avro.types.EnumType).symbols }
    case 'array':
      return { kind: typeName, items: (type as avro.types.ArrayType).itemsType }
    case 'map':
      return { kind: typeName, items: (type as unknown as { valuesType: Type }).valuesType }
    case 'union:unwrapped':
      return { kind: 'union', branches: (type as avro.types.UnwrappedUnionType).types }
    case 'record':
      return { kind: typeName, fields: (type as avro.types.RecordType).fields }
    default:
      throw new TypeError(`There is no code for the type ${typeName}.`)
  }
}
