import type { Foundation } from '../foundation.ts'
import type { Settings } from '../settings.ts'

/** Which topologies run where. */
export type ThreadShares = {
  /** On the main thread, beside the API. */
  readonly here: readonly string[]
  /** On a thread of their own, each list. */
  readonly beside: readonly (readonly string[])[]
  /** The settings of each, with its part of what is to be shared. */
  readonly settings: Settings
}

/**
 * What the API asks for at nearly every request, and waits for: who somebody is, and whether there is credit. All else
 * happens after the decision, and must not hold it up.
 */
const AT_THE_API: readonly string[] = ['consumers', 'merchants', 'credit']

/** Deals the topologies out to the threads there are to be. Only an embedded log can be used by several. */
export function shareOfThreads({
  settings,
  storage,
  topologies,
}: Pick<Foundation, 'settings' | 'topologies'> & {
  readonly storage: Pick<Foundation['storage'], 'shareable'>
}): ThreadShares {
  const all = [...topologies.keys()]
  const count = storage.shareable === null ? 0 : settings.THREADS
  if (count === 0) return { here: all, beside: [], settings }
  const others = all.filter((name) => !AT_THE_API.includes(name))
  const beside = Array.from({ length: count }, (_, thread) => others.filter((_, index) => index % count === thread))
  const STATE_CACHE_BYTES = Math.floor(settings.STATE_CACHE_BYTES / (count + 1))
  return { here: AT_THE_API, beside, settings: { ...settings, STATE_CACHE_BYTES } }
}
