import type { StreamsApp } from '#streams'
import { groupOf } from './reading-groups.ts'

/**
 * Has the topologies of these groups take no rests until what it returns is called: somebody waits for all that is on
 * its way. Groups of other readers, and of topologies that run elsewhere, are passed over.
 */
export type Hurry = (groups: readonly string[]) => () => void

/** The hurry of what runs on this thread. */
export function hurryOf(apps: ReadonlyMap<string, Pick<StreamsApp, 'hurry'>>): Hurry {
  return (groups) =>
    together([...apps].filter(([name]) => groups.includes(groupOf(name))).map(([, app]) => app.hurry()))
}

/** All of them at once. */
export function allInHurry(hurries: readonly Hurry[]): Hurry {
  return (groups) => together(hurries.map((hurry) => hurry(groups)))
}

function together(calms: readonly (() => void)[]): () => void {
  return () => {
    for (const calm of calms) calm()
  }
}
