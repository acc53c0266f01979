/** Verifies the audit log of a platform: every entry that stands in the topic, against the heads that the log keeps. */
import type { AuditState, Schemas } from '#schemas'
import type { Log, Topic, Topology } from '#streams'
import { LogCheck, type LogVerdict } from '#topologies/audit/log-check.ts'
import { readTopic } from '../reconciliation/read-topic.ts'

/** What the verification came to; `unreadable` are records that hold no entry any more. */
export type AuditVerdict = LogVerdict & { readonly unreadable: number }

/** Where to look. */
export type AuditSources = { readonly log: Log; readonly schemas: Schemas; readonly topology: Topology }

/**
 * Reads all entries and all heads. The heads are those of the topology's changelog: they were written in the same
 * transactions as the entries, so that an end of the log that is gone shows.
 */
export async function verifyAudit({ log, schemas, topology }: AuditSources): Promise<AuditVerdict> {
  const check = new LogCheck()
  let unreadable = 0
  await readTopic(
    log,
    schemas.topics.auditEntries,
    (entry) => check.take(entry),
    () => {
      unreadable += 1
    },
  )
  const verdict = check.end(await readHeads({ log, schemas, topology }))
  return { ...verdict, unreadable }
}

async function readHeads({ log, schemas, topology }: AuditSources): Promise<Iterable<AuditState>> {
  const changelog = topology.internalTopics().find(({ name }) => name.endsWith('.chain-heads.changelog'))
  if (changelog === undefined) throw new Error('The audit topology keeps no chain heads.')
  const isThere = (await log.topics()).some(({ name }) => name === changelog.name)
  if (!isThere) return []
  const { key } = schemas.topics.auditEntries
  const topic: Topic<AuditState> = { ...changelog, key, value: schemas.state<AuditState>('AuditState') }
  const heads = new Map<string, AuditState>()
  await readTopic(log, topic, (head) => heads.set(head.subject, head))
  return heads.values()
}
