import { StreamsError } from '../../errors.ts'
import type { RocksDB } from '../../rocksdb.ts'
import type { GroupPosition, PartitionMark, Recovered, StoredTopic } from '../local/log-storage.ts'
import type { TopicSpec } from '../log.ts'
import { readHeader } from './batch-format.ts'
import { baseOffsetOf, batchKey, FORMAT_KEY, kindRange, partitionOfMarkKey, partsOfPositionKey } from './keys.ts'
import { corrupt } from './log-trouble.ts'

/** The layout of keys and values that this version writes. */
const FORMAT = 'streams-log 1'

/** The bytes of a mark: four doubles, big-endian. */
export function encodeMark({ begin, next, cleanedTo, cleanRecords }: PartitionMark): Buffer {
  const bytes = Buffer.allocUnsafe(32)
  for (const [index, value] of [begin, next, cleanedTo, cleanRecords].entries()) bytes.writeDoubleBE(value, index * 8)
  return bytes
}

function decodeMark(bytes: Buffer): PartitionMark {
  const [begin = 0, next = 0, cleanedTo = 0, cleanRecords = 0] = [0, 8, 16, 24].map((at) => bytes.readDoubleBE(at))
  return { begin, next, cleanedTo, cleanRecords }
}

/** The bytes of a committed position: one double, big-endian. */
export function encodePosition(offset: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleBE(offset)
  return bytes
}

/**
 * Reads what a log must know before it starts: its topics, where each partition begins and ends, the groups' positions.
 * @throws StreamsError LOG_FORMAT, LOG_CORRUPT
 */
export async function recoverLog(db: RocksDB, directory: string): Promise<Recovered> {
  await checkFormat(db, directory)
  const topics: StoredTopic[] = []
  for await (const { key, value } of db.iterator(kindRange('t'))) {
    topics.push({ id: key.readUInt32BE(1), spec: JSON.parse((value as Buffer).toString()) as TopicSpec })
  }
  const marks = new Map<string, PartitionMark>()
  for await (const { key, value } of db.iterator(kindRange('m'))) {
    const { topicId, partition } = partitionOfMarkKey(key)
    marks.set(`${topicId}/${partition}`, decodeMark(value as Buffer))
  }
  const recovered = topics.map(async (topic) => {
    const each = Array.from({ length: topic.spec.partitions }, (_, partition) => {
      return recoverPartition(db, topic, partition, marks.get(`${topic.id}/${partition}`))
    })
    return { ...topic, partitions: await Promise.all(each) }
  })
  return { topics: await Promise.all(recovered), positions: await recoverPositions(db, topics) }
}

/** The end is the end of the last batch; a mark knows it where retention has taken that too. */
async function recoverPartition(
  db: RocksDB,
  { id, spec }: StoredTopic,
  partition: number,
  mark: PartitionMark = { begin: 0, next: 0, cleanedTo: 0, cleanRecords: 0 },
): Promise<PartitionMark> {
  const at = { topicId: id, topic: spec.name, partition }
  const range = { gte: batchKey(at, 0), lt: batchKey({ ...at, partition: partition + 1 }, 0) }
  let next = mark.next
  for await (const { key, value } of db.iterator(range, { reverse: true, limit: 1, capacity: 2 })) {
    const header = readHeader(value as Buffer)
    if (header === null) throw corrupt(at, baseOffsetOf(key), 'the checksum of its last batch does not fit')
    next = Math.max(next, header.nextOffset)
  }
  return { ...mark, next }
}

async function recoverPositions(db: RocksDB, topics: readonly StoredTopic[]): Promise<GroupPosition[]> {
  const names = new Map(topics.map(({ id, spec }) => [id, spec.name]))
  const positions: GroupPosition[] = []
  for await (const { key, value } of db.iterator(kindRange('g'))) {
    const { group, topicId, partition } = partsOfPositionKey(key)
    const topic = names.get(topicId)
    if (topic !== undefined) positions.push({ group, topic, partition, offset: (value as Buffer).readDoubleBE() })
  }
  return positions
}

async function checkFormat(db: RocksDB, directory: string): Promise<void> {
  for await (const { key, value } of db.iterator({ gte: Buffer.alloc(1) }, { limit: 1, capacity: 2 })) {
    const found = key.equals(FORMAT_KEY) ? String(value) : 'something else'
    if (found !== FORMAT) throw foreign(directory, found)
    return
  }
  const batch = db.write({ autoDestroy: true })
  batch.tryPut(FORMAT_KEY, Buffer.from(FORMAT))
  await batch.flush()
}

function foreign(directory: string, found: string): StreamsError {
  return new StreamsError(
    'LOG_FORMAT',
    `${directory} does not hold a log this version can read: it holds ${found}, and this version knows ${FORMAT}. ` +
      'Start the version that wrote it, or choose an empty directory.',
  )
}
