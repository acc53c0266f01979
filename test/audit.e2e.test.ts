/**
 * `npm run audit -- verify` on the data directory of a platform that has worked, and on copies of its log in which
 * somebody has changed, removed or moved entries.
 */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readTopic } from '#main/reconciliation/read-topic.ts'
import { openRegistry } from '#main/registry.ts'
import { readSettings } from '#main/settings.ts'
import { allTopologies } from '#main/topologies.ts'
import type { AuditEntry, AuditState, Schemas } from '#schemas'
import { type Log, type LogRecord, openEmbeddedLog, type ProducerRecord, type Topic, type TopicSpec } from '#streams'
import { buy, openShop, openShopper } from './actors.ts'
import { Caller } from './caller.ts'
import { endPrograms, Program } from './program.ts'
import { newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

afterEach(endPrograms)
afterAll(removeDirectories)

let directory: string
let consumerId: string

beforeAll(async () => {
  directory = newDirectory('audit')
  const platform = await openPlatform(directory)
  try {
    const caller = new Caller(platform.server.localUrl)
    const shop = await openShop(caller, platform.operatorToken, 'Discs')
    const shopper = await openShopper(caller, 'Audited')
    consumerId = shopper.consumerId
    await buy(caller, shop, shopper, 'one', 100_00)
    await untilAudited(platform.storage.log, 'PurchaseCaptured', await schemasOf(platform.storage.log, directory))
  } finally {
    await platform.close()
  }
}, 60_000)

/** An entry as it stands in the log. */
type Stored = { readonly record: LogRecord; readonly entry: AuditEntry }

/** Verifies a data directory as an auditor would. */
async function verify(dataDir: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const program = new Program('main/audit.ts', ['verify', '--data-dir', dataDir])
  const { code } = await program.ended
  return { code, said: program.stdout + program.stderr }
}

/** A copy of the log with other audit entries: what `change` makes of the bytes of each consumer's entries. */
async function forged(change: (entries: readonly Stored[], schemas: Schemas) => ProducerRecord[]): Promise<string> {
  const to = newDirectory('forged')
  const source = await openEmbeddedLog({ directory: join(directory, 'log') })
  const copy = await openEmbeddedLog({ directory: join(to, 'log') })
  try {
    const schemas = await schemasOf(source, directory)
    await schemasOf(copy, to)
    // Whatever the number of partitions: the command takes the log as it is.
    const { auditEntries } = schemas.topics
    await copy.createTopics([auditEntries, headsOf(schemas)].map((topic) => ({ ...topic, partitions: 8 })))
    const entries = await entriesOf(source, schemas)
    const others = entries.filter(({ entry }) => entry.subject !== consumerId).map(({ record }) => record)
    const heads: LogRecord[] = []
    const { key } = schemas.topics.auditEntries
    const topic: Topic<AuditState> = { ...headsOf(schemas), key, value: schemas.state<AuditState>('AuditState') }
    await readTopic(source, topic, (_head, record) => heads.push(record))
    const mine = entries.filter(({ entry }) => entry.subject === consumerId)
    await copy.append([...others, ...heads, ...change(mine, schemas)])
  } finally {
    await source.close()
    await copy.close()
  }
  return to
}

/** Where the topology keeps the end of every chain. */
function headsOf(schemas: Schemas): TopicSpec {
  const topology = allTopologies(schemas).find(({ name }) => name === 'audit')
  const spec = topology?.internalTopics().find(({ name }) => name.endsWith('.chain-heads.changelog'))
  if (spec === undefined) throw new Error('The audit topology keeps no chain heads.')
  return spec
}

async function entriesOf(log: Log, schemas: Schemas): Promise<Stored[]> {
  const entries: Stored[] = []
  await readTopic(log, schemas.topics.auditEntries, (entry, record) => entries.push({ entry, record }))
  return entries
}

async function schemasOf(log: Log, dataDir: string): Promise<Schemas> {
  const { settings } = readSettings({ env: {}, args: ['--data-dir', dataDir] })
  return (await openRegistry(settings, log)).schemas
}

async function untilAudited(log: Log, action: string, schemas: Schemas): Promise<void> {
  for (;;) if ((await entriesOf(log, schemas)).some(({ entry }) => entry.action === action)) return
}

const recordsOf = (entries: readonly Stored[]) => entries.map(({ record }) => record)

test('the audit log of a platform is whole', async () => {
  const { code, said } = await verify(directory)
  expect(said).toMatch(/^\d+ entries of 2 subjects: every chain is whole\.\n$/)
  expect(code).toBe(0)
})

test('a copy of it, not changed, is whole as well', async () => {
  expect(await verify(await forged(recordsOf))).toMatchObject({ code: 0 })
})

test.each<[string, Parameters<typeof forged>[0], string]>([
  [
    'an amount changed in the third entry',
    (entries, { topics }) =>
      entries.map(({ entry, record }, index) =>
        index === 2 ? { ...record, value: topics.auditEntries.value.serialize({ ...entry, detail: '{}' }) } : record,
      ),
    'CHANGED +con_\\w+, entry 3: its content is not what was written',
  ],
  [
    'the third entry removed',
    (entries) => recordsOf(entries.toSpliced(2, 1)),
    'MISSING +con_\\w+, entry 3: it is not there',
  ],
  [
    'the last entry removed',
    (entries) => recordsOf(entries.slice(0, -1)),
    'MISSING +con_\\w+, entry \\d+: it is not there',
  ],
  ['every entry of a consumer removed', () => [], 'MISSING +con_\\w+, entry 1: it is not there'],
  [
    'two entries the other way round',
    (entries) => recordsOf([...entries.slice(0, 1), ...entries.slice(1, 3).reverse(), ...entries.slice(3)]),
    'REORDERED +con_\\w+, entry 2',
  ],
  [
    'an entry twice',
    (entries) => recordsOf([...entries.slice(0, 2), ...entries.slice(1)]),
    'REORDERED +con_\\w+, entry 2: it stands at the wrong place, or twice',
  ],
  [
    'an entry that is no entry any more',
    (entries) =>
      recordsOf(entries).map((record, index) => (index === 1 ? { ...record, value: Buffer.from('x') } : record)),
    'UNREADABLE 1 records',
  ],
])('%s is found', async (_what, change, said) => {
  const verdict = await verify(await forged(change))
  expect(verdict.said).toMatch(new RegExp(said))
  expect(verdict.code).toBe(1)
})

test('a directory without a log is no audit log that is whole', async () => {
  const verdict = await verify(newDirectory('empty'))
  expect(verdict).toMatchObject({ code: 1, said: expect.stringContaining('DATA_DIR_EMPTY') })
})

test('an unknown command is refused', async () => {
  const program = new Program('main/audit.ts', ['prove', '--data-dir', directory])
  expect(await program.ended).toMatchObject({ code: 1 })
  expect(program.stderr).toContain('COMMAND_UNKNOWN')
})
