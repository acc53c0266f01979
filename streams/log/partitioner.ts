const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** Kafka's murmur2 of a key, as a signed 32-bit integer: the hash its Java clients choose partitions by. */
export function murmur2(key: Buffer): number {
  const length = key.length
  const aligned = length & ~3
  let h = SEED ^ length
  for (let i = 0; i < aligned; i += 4) {
    let k = key.readInt32LE(i)
    k = Math.imul(k, M)
    k ^= k >>> R
    k = Math.imul(k, M)
    h = Math.imul(h, M) ^ k
  }
  const left = length - aligned
  if (left === 3) h ^= (key[aligned + 2] ?? 0) << 16
  if (left >= 2) h ^= (key[aligned + 1] ?? 0) << 8
  if (left >= 1) h = Math.imul(h ^ (key[aligned] ?? 0), M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  h ^= h >>> 15
  return h | 0
}

/**
 * The partition a key belongs to, the same as every Kafka client's default partitioner gives, so that a topic written
 * here and there stays co-partitioned. `partitions` is the topic's partition count, at least 1.
 */
export function partitionFor(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}
