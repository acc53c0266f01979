import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, ITopicConfig } from 'kafkajs'

const WAIT_MS_MAX = 30_000

/**
 * Makes topics with kafkajs and waits until the broker knows their leaders. Its own `waitForLeaders` does not wait
 * where a broker has not yet heard of the topic at all, which a KRaft broker under load may take some time for.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false })
  const deadline = performance.now() + WAIT_MS_MAX
  for (;;) {
    try {
      const known = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) })
      if (known.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await sleep(20)
  }
}
