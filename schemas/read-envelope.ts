import { loadAvroFiles } from './avro-files.ts'
import { HEADER_BYTES } from './avro-record.ts'
import { avroType } from './avro-type.ts'
import { BodyReader } from './body-reader.ts'
import { compileReader, type ReadBody } from './compile-reader.ts'
import type { Envelope } from './generated/types.ts'
import { selfContained } from './self-contained.ts'

const reader = new BodyReader()
let compiled: ReadBody | undefined

/**
 * The envelope of a topic's record, without decoding the rest (it is the first field of each of them): for those who
 * look for one record among many. Null where the bytes do not begin with an envelope as ours.
 */
export function readEnvelope(bytes: Buffer): Envelope | null {
  compiled ??= compileReader(avroType(selfContained(loadAvroFiles(), 'Envelope')))
  try {
    if (bytes[0] !== 0) return null
    reader.begin(bytes, HEADER_BYTES)
    return compiled(reader) as Envelope
  } catch {
    return null
  }
}
