import { Problem } from './problems.ts'

/** Finds the owner of an id in the read model. */
export type OwnerLookup = (id: string) => Promise<string | null>

/** What a directory asks. */
export type DirectoryOptions = {
  /** By id prefix: `{ chk: …, pur: … }`. */
  readonly lookups: Readonly<Record<string, OwnerLookup>>
  /** Waits until the read model has applied all that is in the log now, or for as long as a caller can be let wait. */
  readonly caughtUp: () => Promise<void>
}

const REMEMBERED_MAX = 50_000

/**
 * Which key a thing is filed under: a checkout under its merchant, a purchase under its consumer. An owner never
 * changes, so what this node has seen it keeps; the rest it looks up in the read model. What is not there may have been
 * written a moment ago (through another node, or before a restart), so it is looked up again when the read model has
 * caught up.
 */
export class Directory {
  readonly #options: DirectoryOptions
  readonly #owners = new Map<string, string>()

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  remember(id: string, owner: string): void {
    this.#owners.delete(id)
    this.#owners.set(id, owner)
    const oldest = this.#owners.size > REMEMBERED_MAX ? this.#owners.keys().next().value : undefined
    if (oldest !== undefined) this.#owners.delete(oldest)
  }

  /** @throws Problem with `code` (404) where nobody owns the id. */
  async ownerOf(id: string, code: string): Promise<string> {
    const owner = this.#owners.get(id) ?? (await this.#lookUp(id))
    if (owner === null) throw new Problem(404, code, `There is no ${id}.`)
    this.remember(id, owner)
    return owner
  }

  async #lookUp(id: string): Promise<string | null> {
    const lookup = this.#options.lookups[id.slice(0, id.indexOf('_'))]
    if (lookup === undefined) return null
    const found = await lookup(id)
    if (found !== null) return found
    await this.#options.caughtUp()
    return lookup(id)
  }
}
