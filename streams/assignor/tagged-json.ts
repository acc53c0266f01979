/** The version of what members and the assignor tell each other. Readers skip fields they do not know. */
const VERSION = 1

/** A version byte, then JSON. */
export function encodeTaggedJson(value: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.concat([Buffer.of(VERSION), Buffer.from(JSON.stringify(value), 'utf8')])
}

/** The object in it; null where it is of another version, or is none. */
export function decodeTaggedJson(bytes: Buffer | null): Readonly<Record<string, unknown>> | null {
  if (bytes === null || bytes[0] !== VERSION) return null
  try {
    const value: unknown = JSON.parse(bytes.subarray(1).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

/** The texts in a list; none where it is no list. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
