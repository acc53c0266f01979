import type { PartitionAddress } from '../local/log-storage.ts'

/**
 * The keys of the embedded log in RocksDB, one letter for each kind, numbers big-endian so that they sort:
 * `!format`, then `t` topic, `b` batch, `m` mark of a partition, `g` position of a group.
 */
export const FORMAT_KEY = Buffer.from('!format')

const BATCH = 'b'.charCodeAt(0)
const MARK = 'm'.charCodeAt(0)

/** All keys of one kind. */
export function kindRange(kind: 't' | 'm' | 'g'): { gte: Buffer; lt: Buffer } {
  return { gte: Buffer.from(kind), lt: Buffer.from([kind.charCodeAt(0) + 1]) }
}

/** The key of a topic, by its id. */
export function topicKey(id: number): Buffer {
  const key = Buffer.alloc(5, 't')
  key.writeUInt32BE(id, 1)
  return key
}

/** The key of the batch that begins at an offset. */
export function batchKey({ topicId, partition }: PartitionAddress, baseOffset: number): Buffer {
  const key = Buffer.allocUnsafe(17)
  key[0] = BATCH
  key.writeUInt32BE(topicId, 1)
  key.writeUInt32BE(partition, 5)
  key.writeUInt32BE(Math.floor(baseOffset / 2 ** 32), 9)
  key.writeUInt32BE(baseOffset % 2 ** 32, 13)
  return key
}

/** The offset a batch key stands for. */
export function baseOffsetOf(key: Buffer): number {
  return key.readUInt32BE(9) * 2 ** 32 + key.readUInt32BE(13)
}

/** The key of what is kept of a partition beside its records. */
export function markKey({ topicId, partition }: { topicId: number; partition: number }): Buffer {
  const key = Buffer.allocUnsafe(9)
  key[0] = MARK
  key.writeUInt32BE(topicId, 1)
  key.writeUInt32BE(partition, 5)
  return key
}

/** The partition a mark key stands for. */
export function partitionOfMarkKey(key: Buffer): { topicId: number; partition: number } {
  return { topicId: key.readUInt32BE(1), partition: key.readUInt32BE(5) }
}

/** The key of a group's position in a partition. */
export function positionKey(group: string, topicId: number, partition: number): Buffer {
  const name = Buffer.from(group)
  const key = Buffer.allocUnsafe(9 + name.length)
  key[0] = 'g'.charCodeAt(0)
  name.copy(key, 1)
  key.writeUInt32BE(topicId, 1 + name.length)
  key.writeUInt32BE(partition, 5 + name.length)
  return key
}

/** The group and partition a position key stands for. */
export function partsOfPositionKey(key: Buffer): { group: string; topicId: number; partition: number } {
  const at = key.length - 8
  return { group: key.toString('utf8', 1, at), topicId: key.readUInt32BE(at), partition: key.readUInt32BE(at + 4) }
}
