import type { Page } from '../api-types.ts'
import type { ApiClient } from './api-client.ts'

/** A list that is read page by page, and read again from its start as far as it was already shown. */
export class PagedList<T> {
  readonly #api: ApiClient
  readonly #size: number
  #pages = 1
  items: readonly T[] = []
  hasMore = false

  constructor(api: ApiClient, size: number) {
    this.#api = api
    this.#size = size
  }

  /** @throws Problem */
  async load(path: string): Promise<void> {
    const items: T[] = []
    let cursor: string | null = null
    for (let page = 0; page < this.#pages; page += 1) {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const join = path.includes('?') ? '&' : '?'
      const answer: Page<T> = await this.#api.get(`${path}${join}limit=${this.#size}${query}`)
      items.push(...answer.items)
      cursor = answer.nextCursor
      if (cursor === null) break
    }
    this.items = items
    this.hasMore = cursor !== null
  }

  /** The next load reads one page more. */
  more(): void {
    this.#pages += 1
  }
}
