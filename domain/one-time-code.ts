/**
 * One-time codes that are in no record. A code is made of its id and a secret (the truncation of RFC 4226, over
 * SHA-256), so that whoever has to send it makes it again, and a topic that carries the id tells nobody the code. What
 * is kept to compare with is a keyed hash as well: six digits behind a plain one would be guessed in a second.
 */
import { createHmac } from 'node:crypto'

const DIGITS = 6

/** The code of an id: six digits. Who does not know the secret can only guess. */
export function oneTimeCode(secret: string, codeId: string): string {
  const mac = createHmac('sha256', secret).update(`one-time code\n${codeId}`).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** What is kept of a code, to compare a presented one with. Hex. */
export function oneTimeCodeHash(secret: string, codeId: string, code: string): string {
  return createHmac('sha256', secret).update(`hash of a one-time code\n${codeId}\n${code}`).digest('hex')
}
