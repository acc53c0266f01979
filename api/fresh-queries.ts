import type { Position } from '#streams'
import type { StateQueries } from './ports.ts'

const REMEMBERED_MAX = 20_000

/**
 * Interactive queries that see what this node has written. A command is answered as soon as its outcome stands in the
 * log; the state that goes with it is readable a moment later. So the position of the newest command of each key is
 * remembered, and the next read of that key waits until the topology has come past it: whoever was just given a session
 * token or a checkout id can use it at once.
 */
export class FreshQueries implements StateQueries {
  readonly #queries: StateQueries
  readonly #written = new Map<string, Position>()

  constructor(queries: StateQueries) {
    this.#queries = queries
  }

  /** A command of a key was written here; `apps` are the topologies that read it. */
  wrote(apps: readonly string[], partitionKey: string, position: Position): void {
    for (const app of apps) {
      const place = placeOf(app, partitionKey)
      const known = this.#written.get(place)
      if (known !== undefined && known.offset >= position.offset) continue
      this.#written.delete(place)
      this.#written.set(place, position)
    }
    for (const place of this.#written.keys()) {
      if (this.#written.size <= REMEMBERED_MAX) return
      this.#written.delete(place)
    }
  }

  async get<V>(
    app: string,
    store: string,
    key: string,
    at: { readonly partitionKey: string; readonly position?: Position },
  ): Promise<V | undefined> {
    const place = placeOf(app, at.partitionKey)
    const position = at.position ?? this.#written.get(place)
    if (position === undefined) return this.#queries.get<V>(app, store, key, at)
    const value = await this.#queries.get<V>(app, store, key, { ...at, position })
    if (this.#written.get(place) === position) this.#written.delete(place)
    return value
  }
}

function placeOf(app: string, partitionKey: string): string {
  return `${app}\n${partitionKey}`
}
