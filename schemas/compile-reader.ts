import type { Type } from 'avsc'
import type { BodyReader } from './body-reader.ts'
import { shapeOf } from './body-types.ts'
import { FunctionMaker } from './function-maker.ts'

/** Reads a value. @throws RangeError where the bytes are not those of one */
export type ReadBody = (reader: BodyReader) => unknown

/** Compiles what reads the values of a record written with this very schema; it checks the bytes as it goes. */
export function compileReader(record: Type): ReadBody {
  const maker = new FunctionMaker()
  return maker.make(new ReaderCompiler(maker).functionOf(record))
}

class ReaderCompiler {
  readonly #maker: FunctionMaker

  constructor(maker: FunctionMaker) {
    this.#maker = maker
  }

  /** The name of a function that takes a reader and gives a record, a list, or a value of a union. */
  functionOf(type: Type): string {
    return this.#maker.function('read', type, 'reader', () => this.#body(type))
  }

  #body(type: Type): string {
    const shape = shapeOf(type)
    switch (shape.kind) {
      case 'record': {
        const fields = shape.fields.map(({ name, type: of }) => `${name}: ${this.#expression(of)}`)
        return `return { ${fields.join(',\n')} };`
      }
      case 'array':
        return this.#list('[]', `list.push(${this.#expression(shape.items)})`)
      case 'map':
        return this.#list('{}', `list[reader.readString()] = ${this.#expression(shape.items)}`)
      case 'union': {
        const { branches } = shape
        const cases = branches.map((branch, index) => `case ${index}: return ${this.#expression(branch)};`)
        return `switch (reader.readIndex(${branches.length})) { ${cases.join(' ')} }`
      }
      default:
        return `return ${this.#expression(type)};`
    }
  }

  #list(empty: string, add: string): string {
    return `const list = ${empty};
      for (let left = reader.readCount(); left > 0; left = reader.readCount()) for (; left > 0; left--) ${add};
      return list;`
  }

  #expression(type: Type): string {
    const shape = shapeOf(type)
    switch (shape.kind) {
      case 'null':
        return 'null'
      case 'boolean':
        return 'reader.readBoolean()'
      case 'int':
        return 'reader.readInt()'
      case 'long':
        return 'reader.readLong()'
      case 'float':
        return 'reader.readFloat()'
      case 'double':
        return 'reader.readDouble()'
      case 'string':
        return 'reader.readString()'
      case 'bytes':
        return 'reader.readBytes()'
      case 'fixed':
        return `reader.readFixed(${shape.size})`
      case 'enum':
        return `${this.#maker.constant(shape.symbols)}[reader.readIndex(${shape.symbols.length})]`
      case 'logical': {
        const { logical } = shape
        const fromValue = this.#maker.constant((stored: unknown) => logical._fromValue(stored))
        return `${fromValue}(${this.#expression(logical.underlyingType)})`
      }
      case 'record':
      case 'array':
      case 'map':
      case 'union':
        return `${this.functionOf(type)}(reader)`
    }
  }
}
