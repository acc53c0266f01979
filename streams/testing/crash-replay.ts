import type { Topic } from '../topology/topic.ts'
import type { Topology } from '../topology/topology.ts'
import { TopologyTestDriver } from './driver.ts'

/** A record to be piped. */
export type CrashStep = { readonly topic: Topic<never>; readonly value: unknown }

/** What a topology left behind: the bytes of its output topics, and its stores. */
export type Traces = {
  readonly outputs: Readonly<Record<string, readonly string[]>>
  readonly stores: Readonly<Record<string, readonly (readonly [string, unknown])[]>>
}

/** A step for `crashReplay`, with the topic's own type of value. */
export function crashStep<V>(topic: Topic<V>, value: V): CrashStep {
  return { topic: topic as unknown as Topic<never>, value }
}

/**
 * Pipes the steps twice: in `calm` undisturbed, in `crashed` with a crash of every task after each step was processed
 * and before it was committed. A topology without hidden inputs leaves the same traces both times.
 */
export async function crashReplay(
  topology: () => Topology,
  steps: readonly CrashStep[],
  watch: { readonly topics: readonly string[]; readonly stores: readonly string[] },
): Promise<{ readonly calm: Traces; readonly crashed: Traces }> {
  const run = async (crashes: boolean): Promise<Traces> => {
    const driver = await TopologyTestDriver.create(topology(), { partitions: 2 })
    for (const { topic, value } of steps) {
      if (crashes) {
        await driver.pipeUncommitted(topic, value as never)
        await driver.crash()
      } else await driver.pipe(topic, value as never)
    }
    return tracesOf(driver, watch)
  }
  return { calm: await run(false), crashed: await run(true) }
}

async function tracesOf(
  driver: TopologyTestDriver,
  watch: { readonly topics: readonly string[]; readonly stores: readonly string[] },
): Promise<Traces> {
  const outputs = watch.topics.map((topic) => {
    const lines = driver
      .records(topic)
      .map(({ partition, offset, timestampMs, key, value }) =>
        [partition, offset, timestampMs, key?.toString('hex'), value?.toString('hex')].join(' '),
      )
    return [topic, lines] as const
  })
  const stores: [string, [string, unknown][]][] = []
  for (const store of watch.stores) stores.push([store, await driver.store(store).entries()])
  return { outputs: Object.fromEntries(outputs), stores: Object.fromEntries(stores) }
}
