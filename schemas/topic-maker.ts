import { stringSerde, type Topic } from '#streams'
import type { Codec } from './codec.ts'

/** How a topic of the table is described. */
export type TopicMaker = ReturnType<typeof topicMaker>

/** The retention of what must never go, in milliseconds. */
export const FOREVER = -1

/** Describes topics, with a codec and so many partitions. */
export function topicMaker(codec: Codec, partitions: number) {
  const topic = <V>(
    name: string,
    retentionMs: number,
    keyOf: (value: V) => string,
    records: readonly string[],
  ): Topic<V> => ({
    name,
    partitions,
    cleanup: 'delete',
    retentionMs,
    key: stringSerde,
    value: codec.union<V>(records),
    keyOf,
  })
  const byConsumer = (value: { consumerId: string }) => value.consumerId
  const byMerchant = (value: { merchantId: string }) => value.merchantId
  const ofConsumer = <V extends { consumerId: string }>(
    name: string,
    records: readonly V['type' & keyof V][],
    retentionMs = FOREVER,
  ) => topic<V>(name, retentionMs, byConsumer, records as readonly string[])
  const ofMerchant = <V extends { merchantId: string }>(
    name: string,
    records: readonly V['type' & keyof V][],
    retentionMs = FOREVER,
  ) => topic<V>(name, retentionMs, byMerchant, records as readonly string[])
  return { topic, ofConsumer, ofMerchant }
}
