import { writeRecord } from '../local/record-bytes.ts'
import type { ProducerRecord } from '../log.ts'

/** Fills a buffer of known size from its beginning to its end. It is no part of another one: it can be given away. */
export class ByteWriter {
  readonly bytes: ArrayBuffer
  private readonly buffer: Buffer
  private readonly view: DataView
  private at = 0

  constructor(size: number) {
    this.bytes = new ArrayBuffer(size)
    this.buffer = Buffer.from(this.bytes)
    this.view = new DataView(this.bytes)
  }

  u32(value: number): void {
    this.view.setUint32(this.at, value, true)
    this.at += 4
  }

  /** Offsets go as doubles, which hold every one there can be. */
  f64(value: number): void {
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }

  record(record: ProducerRecord, offsetDelta: number): void {
    this.at = writeRecord(this.buffer, this.view, this.at, record, offsetDelta)
  }
}
