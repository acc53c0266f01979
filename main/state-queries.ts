import type { StateQueries } from '#api/ports.ts'
import type { StreamsApp } from '#streams'

/** Interactive queries over the applications that run in this process. */
export function stateQueries(apps: ReadonlyMap<string, StreamsApp>): StateQueries {
  return {
    get: (name, store, key, at) => {
      const app = apps.get(name)
      if (app === undefined) throw new Error(`The topology ${name} does not run here.`)
      return app.query<never>(store).get(key, at)
    },
  }
}
