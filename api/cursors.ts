import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from './problems.ts'
import type { Page, PageRequest } from './reads.ts'

/** The list a cursor belongs to: its name and whatever chooses its rows (whose, which filter). */
export type ListName = readonly (string | undefined)[]

const SEAL_BYTES = 12

/**
 * Makes what the read model calls a cursor into what callers get: opaque, and sealed with a secret of the platform, so
 * that only a cursor given out for this very list is taken back.
 */
export class Cursors {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /** A page of a list, from a request's `limit` and `cursor`. @throws Problem CURSOR_INVALID */
  async page<T>(
    list: ListName,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
    read: (page: PageRequest) => Promise<Page<T>>,
  ): Promise<{ items: T[]; nextCursor: string | null }> {
    const page = await read({ limit, cursor: cursor === undefined ? null : this.#open(list, cursor) })
    const next = page.nextCursor
    return { items: [...page.items], nextCursor: next === null ? null : this.#sealed(list, next) }
  }

  #sealed(list: ListName, inner: string): string {
    const text = Buffer.from(inner, 'utf8')
    return Buffer.concat([this.#seal(list, text), text]).toString('base64url')
  }

  #open(list: ListName, cursor: string): string {
    const bytes = Buffer.from(cursor, 'base64url')
    const [seal, text] = [bytes.subarray(0, SEAL_BYTES), bytes.subarray(SEAL_BYTES)]
    if (seal.length === SEAL_BYTES && timingSafeEqual(seal, this.#seal(list, text))) return text.toString('utf8')
    throw new Problem(400, 'CURSOR_INVALID', 'The cursor is not one of this list. Begin again without a cursor.', {
      errors: [{ field: 'cursor', code: 'invalid', message: 'is not a `nextCursor` of this list' }],
    })
  }

  #seal(list: ListName, text: Buffer): Buffer {
    const seal = createHmac('sha256', this.#secret).update(JSON.stringify(list)).update('\n').update(text)
    return seal.digest().subarray(0, SEAL_BYTES)
  }
}
