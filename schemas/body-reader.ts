import { LONG_END } from './body-types.ts'

/** A short text is looked up among those that were read: what is read often, such as a currency, is there once. */
const KNOWN_BYTES = 24
const KNOWN_TEXTS = 4_096

/** `toString` without a look at the encoding, which costs as much as a short text. */
type Utf8Bytes = Buffer & { utf8Slice(from: number, to: number): string }

const NOTHING = Buffer.alloc(0) as Utf8Bytes

/**
 * Reads the parts of an Avro body one after the other, and refuses what no writer wrote: lengths and counts that pass
 * the end of the bytes, branches and symbols that do not exist, numbers that are not safe.
 */
export class BodyReader {
  readonly #known: string[] = new Array(KNOWN_TEXTS).fill('')
  #bytes: Utf8Bytes = NOTHING
  #at = 0

  /** Begins to read at a place of some bytes. */
  begin(bytes: Buffer, at: number): void {
    this.#bytes = bytes as Utf8Bytes
    this.#at = at
  }

  /** Lets go of the bytes. @throws RangeError where some are left */
  end(): void {
    const left = this.#bytes.length - this.#at
    this.#bytes = NOTHING
    if (left > 0) throw new RangeError(`${left} bytes are left over`)
  }

  readBoolean(): boolean {
    const byte = this.#byte()
    if (byte > 1) throw new RangeError(`no such boolean: ${byte}`)
    return byte === 1
  }

  readInt(): number {
    const value = this.readLong()
    if (value !== (value | 0)) throw new RangeError(`a number that is too large before byte ${this.#at}`)
    return value
  }

  readLong(): number {
    const bytes = this.#bytes
    let at = this.#at
    // Most numbers are small: their bits fit into a whole number of 32.
    let bits = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at++] as number
      bits |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.#at = at
        return (bits >>> 1) ^ -(bits & 1)
      }
    }
    return this.#readLarge()
  }

  readFloat(): number {
    return this.#bytes.readFloatLE(this.#advance(4))
  }

  readDouble(): number {
    return this.#bytes.readDoubleLE(this.#advance(8))
  }

  readBytes(): Buffer {
    return this.readFixed(this.#length())
  }

  readFixed(length: number): Buffer {
    const from = this.#advance(length)
    return Buffer.from(this.#bytes.subarray(from, from + length))
  }

  readString(): string {
    const length = this.#length()
    const from = this.#advance(length)
    return length <= KNOWN_BYTES ? this.#readShort(from, length) : this.#bytes.utf8Slice(from, from + length)
  }

  /** The number of a branch or a symbol, one of so many. */
  readIndex(count: number): number {
    const index = this.readLong()
    if (index < 0 || index >= count) throw new RangeError(`no such branch or symbol: ${index}`)
    return index
  }

  /** How many items the next block of a list has; 0 ends the list. */
  readCount(): number {
    const count = this.readLong()
    // A negative one is followed by how many bytes the block takes.
    if (count < 0) this.readLong()
    const items = Math.abs(count)
    // An item takes a byte at least (we have no empty ones), so a greater count is a lie.
    if (items > this.#bytes.length - this.#at) throw new RangeError(`a list of ${items} items in too few bytes`)
    return items
  }

  #readLarge(): number {
    // The lowest bit is the sign. It is put aside first, because all together may be more bits than a number has.
    const first = this.#byte()
    let size = (first & 0x7e) / 2
    for (let scale = 64; ; scale *= 128) {
      const byte = this.#byte()
      size += (byte & 0x7f) * scale
      if (size + (first & 1) >= LONG_END) throw new RangeError(`a number that is too large at byte ${this.#at}`)
      if (byte < 0x80) return first & 1 ? -size - 1 : size
    }
  }

  #readShort(from: number, length: number): string {
    const bytes = this.#bytes
    let hash = length
    for (let at = from; at < from + length; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0
    const place = hash & (KNOWN_TEXTS - 1)
    const known = this.#known[place] as string
    if (isText(known, bytes, from, length)) return known
    const text = bytes.utf8Slice(from, from + length)
    this.#known[place] = text
    return text
  }

  #length(): number {
    const length = this.readLong()
    if (length < 0) throw new RangeError(`a length of ${length} at byte ${this.#at}`)
    return length
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new RangeError('they end too early')
    this.#at++
    return byte
  }

  /** Passes over bytes, and answers where they begin. */
  #advance(length: number): number {
    const from = this.#at
    if (length > this.#bytes.length - from) throw new RangeError('they end too early')
    this.#at = from + length
    return from
  }
}

/** True of a text of ASCII that has just these bytes. */
function isText(text: string, bytes: Buffer, from: number, length: number): boolean {
  if (text.length !== length) return false
  for (let index = 0; index < length; index++) {
    const byte = bytes[from + index] as number
    if (byte > 0x7f || text.charCodeAt(index) !== byte) return false
  }
  return true
}
