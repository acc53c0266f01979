/** Counts words, and asks for a count as soon as the word is in the log. */
import {
  jsonSerde,
  MemoryBackend,
  memoryLog,
  partitionFor,
  StreamsApp,
  StreamsBuilder,
  stringSerde,
  type Topic,
} from '#streams'

const words: Topic<string> = {
  name: 'words',
  partitions: 2,
  cleanup: 'delete',
  retentionMs: -1,
  key: stringSerde,
  value: stringSerde,
}

// The topology: every step and store has a name of its own.
const builder = new StreamsBuilder('word-count')
const counts = builder.store('counts', { value: jsonSerde<number>() })
builder.stream('words', words).groupByKey().count('count', { store: counts })
const topology = builder.build()
console.log(topology.describe())

// The edges: a log and a store, here both in memory.
const log = memoryLog()
await log.createTopics([words])
const app = new StreamsApp({ topology, log, backend: new MemoryBackend(), instanceId: 'one' })
await app.start()

const said = 'to be or not to be'.split(' ')
const records = said.map((word) => {
  const key = stringSerde.serialize(word)
  return { topic: 'words', partition: partitionFor(key, words.partitions), timestampMs: Date.now(), key, value: key }
})
const offsets = await log.append(records)

// Reading what one wrote: a query waits until the record at `position` is processed and committed.
const positions = records.map(({ topic, partition }, index) => ({ topic, partition, offset: offsets[index] ?? 0 }))
for (const word of new Set(said)) {
  const position = positions[said.lastIndexOf(word)]
  console.log(word, await app.query<number>('counts').get(word, { ...(position && { position }) }))
}
await app.close()
await log.close()
