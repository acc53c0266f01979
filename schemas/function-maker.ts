import type { Type } from 'avsc'

/**
 * Gathers functions as text, and makes them: what a schema says is then a line of code for each field, which the engine
 * compiles as it would have been written by hand. avsc does the same for records, and asks a type of each other value.
 * Nothing of a schema gets into the text but the names of fields, which Avro limits to letters, digits and `_`.
 */
export class FunctionMaker {
  readonly #functions: string[] = []
  readonly #constants: unknown[] = []
  readonly #known = new Map<Type, string>()
  #names = 0

  /** A name that nothing else has. */
  name(): string {
    return `_${this.#names++}`
  }

  /** How a value of ours is called in the text. */
  constant(value: unknown): string {
    return `constants[${this.#constants.push(value) - 1}]`
  }

  /**
   * The name of a function for a type, which may be part of itself; `body` is asked for its text once. It begins with
   * `verb` and goes on with the type's own name, so that a profile says what takes the time.
   */
  function(verb: string, type: Type, parameters: string, body: () => string): string {
    const known = this.#known.get(type)
    if (known !== undefined) return known
    const name = `${verb}${(type.name ?? type.typeName).replace(/.*[.:]/, '')}${this.name()}`
    this.#known.set(type, name)
    this.#functions.push(`function ${name}(${parameters}) { ${body()} }`)
    return name
  }

  /** The function of this name. */
  make<F>(name: string): F {
    const text = `'use strict'\n${this.#functions.join('\n')}\nreturn ${name}`
    return new Function('constants', text)(this.#constants) as F
  }
}
