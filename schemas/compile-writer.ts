import type { Type } from 'avsc'
import { LONG_END, type Shape, shapeOf } from './body-types.ts'
import type { BodyWriter } from './body-writer.ts'
import { FunctionMaker } from './function-maker.ts'

/** Writes a value. @throws TypeError where it does not fit the schema; what was written is worth nothing then */
export type WriteBody = (writer: BodyWriter, value: unknown) => void

/** Compiles what writes the values of a record; the bytes are those that avsc writes. */
export function compileWriter(record: Type): WriteBody {
  const maker = new FunctionMaker()
  return maker.make(new WriterCompiler(maker).functionOf(record))
}

class WriterCompiler {
  readonly #maker: FunctionMaker
  readonly #misfit: string

  constructor(maker: FunctionMaker) {
    this.#maker = maker
    this.#misfit = `${maker.constant(misfit)}()`
  }

  /** The name of a function that takes a writer and a value. */
  functionOf(type: Type): string {
    return this.#maker.function('write', type, 'writer, value', () => this.#body(shapeOf(type), 'value'))
  }

  /** Statements that write what `value` names. */
  #statements(type: Type, value: string): string {
    const shape = shapeOf(type)
    const isSmall = shape.kind !== 'record' && shape.kind !== 'array' && shape.kind !== 'map'
    return isSmall ? this.#body(shape, value) : `${this.functionOf(type)}(writer, ${value});`
  }

  #body(shape: Shape, value: string): string {
    switch (shape.kind) {
      case 'null':
        return this.#unless(`${value} === null`)
      case 'boolean':
        return `${this.#unless(testOf(shape, value))} writer.writeBoolean(${value});`
      case 'int':
        return `${this.#unless(`${value} === (${value} | 0)`)} writer.writeInt(${value});`
      case 'long': {
        const fits = `Number.isSafeInteger(${value}) && Math.abs(${value}) < ${LONG_END}`
        return `${this.#unless(fits)} writer.writeLong(${value});`
      }
      case 'float':
        return `${this.#unless(testOf(shape, value))} writer.writeFloat(${value});`
      case 'double':
        return `${this.#unless(testOf(shape, value))} writer.writeDouble(${value});`
      case 'string':
        return `${this.#unless(testOf(shape, value))} writer.writeString(${value});`
      case 'bytes':
        return `${this.#unless(testOf(shape, value))} writer.writeBytes(${value});`
      case 'fixed': {
        const fits = `${testOf(shape, value)} && ${value}.length === ${shape.size}`
        return `${this.#unless(fits)} writer.writeFixed(${value});`
      }
      case 'enum': {
        const index = this.#maker.name()
        const indexes = this.#maker.constant(new Map(shape.symbols.map((symbol, at) => [symbol, at])))
        const known = this.#unless(`${index} !== undefined`)
        return `const ${index} = ${indexes}.get(${value}); ${known} writer.writeLong(${index});`
      }
      case 'logical': {
        const stored = this.#maker.name()
        const { logical } = shape
        const toValue = this.#maker.constant((given: unknown) => logical._toValue(given))
        return `const ${stored} = ${toValue}(${value}); ${this.#statements(logical.underlyingType, stored)}`
      }
      case 'array': {
        const item = this.#maker.name()
        return `${this.#unless(testOf(shape, value))}
          if (${value}.length > 0) writer.writeLong(${value}.length);
          for (let index = 0; index < ${value}.length; index++) {
            const ${item} = ${value}[index]; ${this.#statements(shape.items, item)}
          }
          writer.writeLong(0);`
      }
      case 'map': {
        const item = this.#maker.name()
        return `${this.#unless(testOf(shape, value))}
          const keys = Object.keys(${value});
          if (keys.length > 0) writer.writeLong(keys.length);
          for (let index = 0; index < keys.length; index++) {
            writer.writeString(keys[index]);
            const ${item} = ${value}[keys[index]]; ${this.#statements(shape.items, item)}
          }
          writer.writeLong(0);`
      }
      case 'union':
        return this.#union(shape.branches, value)
      case 'record':
        return shape.fields.map((field) => this.#field(field, value)).join('\n')
    }
  }

  /** A field that is left out is written as its default, where it has one. */
  #field(field: Extract<Shape, { kind: 'record' }>['fields'][number], record: string): string {
    const name = this.#maker.name()
    const given = field.defaultValue() as unknown
    const orDefault = given === undefined ? '' : `if (${name} === undefined) ${name} = ${this.#maker.constant(given)};`
    return `{ let ${name} = ${record}.${field.name}; ${orDefault} ${this.#statements(field.type, name)} }`
  }

  #union(branches: readonly Type[], value: string): string {
    const tests = branches.map((branch) => testOf(shapeOf(branch), value))
    if (new Set(tests).size < tests.length) throw new TypeError('Two branches of a union take the same values.')
    const cases = branches.map((branch, index) => {
      const written = `writer.writeLong(${index}); ${this.#statements(branch, value)}`
      return `if (${tests[index]}) { ${written} }`
    })
    return `${cases.join(' else ')} else ${this.#misfit};`
  }

  #unless(fits: string): string {
    return `if (!(${fits})) ${this.#misfit};`
  }
}

/** Whether a value is of a type, as far as that tells it from the other branches of a union. */
function testOf(shape: Shape, value: string): string {
  switch (shape.kind) {
    case 'null':
      return `${value} === null`
    case 'boolean':
      return `typeof ${value} === 'boolean'`
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return `typeof ${value} === 'number'`
    case 'string':
    case 'enum':
    case 'logical':
      return `typeof ${value} === 'string'`
    case 'bytes':
    case 'fixed':
      return `Buffer.isBuffer(${value})`
    case 'array':
      return `Array.isArray(${value})`
    case 'map':
    case 'record':
      return `typeof ${value} === 'object' && ${value} !== null && !Array.isArray(${value})`
    case 'union':
      throw new TypeError('A union is no branch of another one.')
  }
}

function misfit(): never {
  throw new TypeError('it does not fit its schema')
}
