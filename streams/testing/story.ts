import type { Topic } from '../topology/topic.ts'
import type { Topology } from '../topology/topology.ts'
import { type DriverOptions, TopologyTestDriver } from './driver.ts'

/** One thing that happens in a story: a value that arrives on a topic. */
export type StoryStep = {
  readonly pipe: (driver: TopologyTestDriver) => Promise<void>
  readonly pipeUncommitted: (driver: TopologyTestDriver) => Promise<void>
}

/** What is left when a story is over. */
export type StoryEnd = {
  /** What stands in each topic the topology wrote to, as `key value` in hex, in order. */
  readonly written: Readonly<Record<string, readonly string[]>>
  /** The entries of each store. */
  readonly stores: Readonly<Record<string, readonly (readonly [key: string, value: unknown])[]>>
}

/** How a story is played. */
export type StoryOptions = DriverOptions & {
  /** The step that is processed but not committed when everything but the log is lost. Without it nothing is lost. */
  readonly crashAt?: number
  /** Topics and stores to look at in the end. */
  readonly topics: readonly { readonly name: string }[]
  readonly stores: readonly string[]
}

/** A value that arrives on a topic. */
export function arrives<V>(topic: Topic<V>, value: V): StoryStep {
  return {
    pipe: (driver) => driver.pipe(topic, value),
    pipeUncommitted: (driver) => driver.pipeUncommitted(topic, value),
  }
}

/**
 * Plays a story through the real tasks of a topology. Two ends of the same story are equal, wherever it crashed: that
 * is what a replay must give.
 */
export async function playStory(
  topology: Topology,
  story: readonly StoryStep[],
  options: StoryOptions,
): Promise<StoryEnd> {
  const driver = await TopologyTestDriver.create(topology, options)
  for (const [index, step] of story.entries()) {
    if (index !== options.crashAt) {
      await step.pipe(driver)
      continue
    }
    await step.pipeUncommitted(driver)
    await driver.crash()
  }
  const written = options.topics.map(({ name }) => [
    name,
    driver.records(name).map(({ key, value }) => `${key?.toString('hex')} ${value?.toString('hex')}`),
  ])
  const stores = await Promise.all(options.stores.map(async (name) => [name, await driver.store(name).entries()]))
  return { written: Object.fromEntries(written), stores: Object.fromEntries(stores) }
}
