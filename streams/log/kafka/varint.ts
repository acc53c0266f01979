/**
 * Signed integers of variable length (zigzag, seven bits a byte, the lowest first), as records hold them. Safe integers
 * only: a value beyond 2^52 does not occur in lengths, offsets within a batch or timestamps.
 */

/** How many bytes a value takes. */
export function varintBytes(value: number): number {
  let left = zigzag(value)
  let bytes = 1
  while (left >= 0x80) {
    left = Math.floor(left / 0x80)
    bytes++
  }
  return bytes
}

/** Writes a value and answers where the next byte goes. */
export function writeVarint(buffer: Buffer, from: number, value: number): number {
  let left = zigzag(value)
  let at = from
  while (left >= 0x80) {
    buffer[at++] = (left % 0x80) | 0x80
    left = Math.floor(left / 0x80)
  }
  buffer[at++] = left
  return at
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1
}
