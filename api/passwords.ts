import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** What a hash costs: KiB of memory, passes over it, and lanes. */
export type PasswordCost = { readonly memory: number; readonly passes: number; readonly parallelism: number }

const TAG_BYTES = 32

/** Second choice of the OWASP password storage cheat sheet for argon2id: 19 MiB, two passes, one lane. */
const COST: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 }

/** Hashes a password with argon2id; the answer holds the salt and the cost (PHC string format). */
export async function hashPassword(password: string, cost: PasswordCost = COST): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: password, nonce, ...cost, tagLength: TAG_BYTES })
  return `$argon2id$v=19$${textOf(cost)}$${base64(nonce)}$${base64(tag)}`
}

/** True where the password is the one that was hashed. An unreadable hash is never a match. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash)
  if (match === null) return false
  const [, memory, passes, parallelism, salt = '', expected = ''] = match
  const tag = Buffer.from(expected, 'base64')
  const found = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: tag.length,
  })
  return found.length === tag.length && timingSafeEqual(found, tag)
}

/** True where a hash was made at another cost than today's: the next sign-in makes it anew. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(`$argon2id$v=19$${textOf(COST)}$`)
}

function textOf({ memory, passes, parallelism }: PasswordCost): string {
  return `m=${memory},t=${passes},p=${parallelism}`
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
