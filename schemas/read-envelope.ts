import type { Type } from 'avsc'
import { loadAvroFiles } from './avro-files.ts'
import { HEADER_BYTES } from './avro-record.ts'
import { avroType, decodePlainObjects } from './avro-type.ts'
import { bodyCheck } from './body-check.ts'
import type { Envelope } from './generated/types.ts'
import { selfContained } from './self-contained.ts'

let compiled: { readonly type: Type; readonly check: ReturnType<typeof bodyCheck> } | undefined

/**
 * The envelope of a topic's record, without decoding the rest (it is the first field of each of them): for those who
 * look for one record among many. Null where the bytes do not begin with an envelope as ours.
 */
export function readEnvelope(bytes: Buffer): Envelope | null {
  compiled ??= compileEnvelope()
  try {
    if (bytes[0] !== 0) return null
    compiled.check(bytes, HEADER_BYTES)
    return compiled.type.decode(bytes, HEADER_BYTES).value as Envelope
  } catch {
    return null
  }
}

function compileEnvelope() {
  const type = avroType(selfContained(loadAvroFiles(), 'Envelope'))
  decodePlainObjects(type)
  return { type, check: bodyCheck(type) }
}
