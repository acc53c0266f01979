import type { TopicSpec } from '../log/log.ts'
import type { Subtopology } from './subtopology.ts'

/** Where the names of the stores begin in which records wait whose key is parked. */
export const PARKED_STORE = 'parked-keys'

/** The store for parked keys of a sub-topology: its changelog is its own, as all changelogs are. */
export const parkedStoreName = (subtopology: string, count: number): string =>
  count === 1 ? PARKED_STORE : `${PARKED_STORE}-${subtopology}`

/** Names of the topics an application keeps for itself. */
export const changelogTopic = (app: string, store: string): string => `${app}.${store}.changelog`
export const repartitionTopic = (app: string, name: string): string => `${app}.${name}.repartition`
export const deadLetterTopic = (app: string): string => `${app}.dead-letters`
export const journalTopic = (app: string): string => `${app}.journal`

/**
 * The topic through which parked keys are replayed or discarded. Every sub-topology needs its own, since a partition
 * of a topic is read by one task; where there is only one, it goes by the application's name alone.
 */
export const controlTopic = (app: string, subtopology: string, count: number): string =>
  count === 1 ? `${app}.control` : `${app}.${subtopology}.control`

const FOREVER = -1

/** All internal topics of an application but its repartition topics, with their settings. */
export function internalTopicSpecs(app: string, subtopologies: readonly Subtopology[]): TopicSpec[] {
  const widest = Math.max(1, ...subtopologies.map((sub) => sub.partitions))
  const kept = (name: string, partitions: number): TopicSpec => ({
    name,
    partitions,
    cleanup: 'delete',
    retentionMs: FOREVER,
  })
  const specs: TopicSpec[] = [kept(deadLetterTopic(app), widest)]
  if (subtopologies.some((sub) => sub.journalled)) specs.push(kept(journalTopic(app), widest))
  for (const sub of subtopologies) {
    if (sub.controlTopic !== null) specs.push(kept(sub.controlTopic, sub.partitions))
    for (const store of sub.storeNames) {
      const name = changelogTopic(app, store)
      specs.push({ name, partitions: sub.partitions, cleanup: 'compact', retentionMs: FOREVER })
    }
  }
  return specs
}
