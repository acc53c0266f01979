import type { Log } from '#streams'
import { changesOfRecord, SCHEMAS_TOPIC } from './registry-records.ts'
import type { RegistryState } from './registry-state.ts'

const FETCH_BYTES = 1_048_576

/** Reads `_schemas` from its first record to its end into the state. @throws StreamsError SCHEMA_REGISTRY_CORRUPT */
export async function applyTopic(log: Log, state: RegistryState): Promise<void> {
  const partition = { topic: SCHEMAS_TOPIC.name, partition: 0 }
  const [begin] = await log.beginningOffsets([partition])
  const [end] = await log.endOffsets([partition])
  let offset = begin?.offset ?? 0
  while (offset < (end?.offset ?? 0)) {
    const [fetched] = await log.fetch({ positions: [{ ...partition, offset }], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    if (!fetched || fetched.nextOffset === offset) return
    for (const record of fetched.records) for (const change of changesOfRecord(record)) state.apply(change)
    offset = fetched.nextOffset
  }
}
