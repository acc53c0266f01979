import type { Schemas } from '#schemas'
import { memoryLog, resetApplication, type Topology } from '#streams'
import { Closers } from './closers.ts'
import { asInLog } from './log-width.ts'
import { groupOf } from './reading-groups.ts'
import { openRegistry } from './registry.ts'
import { readSettings, type Settings, settingsHelp } from './settings.ts'
import { StartError, wordsOf } from './start-error.ts'
import { openLog, openStorage, type Storage } from './storage.ts'
import { type Application, applicationNamed, applications } from './streams-tools/applications.ts'
import { partitionLags } from './streams-tools/partition-lags.ts'
import { deadLetterAt, deadLettersOf, decideParked, parkedKeysOf, type SetAside } from './streams-tools/set-aside.ts'
import { allTopologies } from './topologies.ts'

const COMMANDS = [
  ['describe [NAME]', 'The graph of a topology, or of all: --mermaid or --json for other forms.'],
  ['groups', 'Every consumer group and how far behind it is.'],
  ['lag [NAME]', 'How far an application is behind in each partition; of all those that are.'],
  ['dead-letters', 'How many records each application has set aside.'],
  ['dead-letters NAME', 'The newest of them, with their causes, and the keys that are parked (--limit 20).'],
  ['dead-letters NAME show PLACE', 'One dead letter with its content; the list names the places.'],
  ['dead-letters NAME replay KEY', 'Has the records of a parked key processed again.'],
  ['dead-letters NAME discard KEY', 'Sends them to the dead letters for good.'],
  ['reset NAME', 'Takes a topology back to its beginning: empty stores, inputs read again, outputs written again.'],
] as const

const LIMIT = 20
const CLOSE_MS = 10_000

type Tools = Pick<Storage, 'log'> & {
  readonly schemas: Schemas
  readonly topologies: readonly Topology[]
  readonly own: ReadonlyMap<string, string>
}

/**
 * `npm run streams -- COMMAND`: draws topologies, looks at applications and resets one. On Kafka they may run meanwhile
 * (but for reset); an embedded log is looked at while nobody uses its data directory.
 */
async function main(): Promise<void> {
  const { settings, own, words, help } = readSettings({
    env: process.env,
    args: process.argv.slice(2),
    ownFlags: { '--json': false, '--mermaid': false, '--limit': true },
    takesWords: true,
  })
  const [command, ...rest] = words
  if (help || command === undefined) {
    console.log(settingsHelp('npm run streams -- COMMAND [flags]', COMMANDS))
    return
  }
  if (command === 'describe') {
    // The graphs are in the code: a log that holds nothing is enough, and one that is in use is no obstacle.
    const { schemas } = await openRegistry(settings, memoryLog())
    describe(allTopologies(schemas), rest[0], own)
    return
  }
  if (command === 'reset') return await withClosers((closers) => reset(settings, closers, rest[0]))
  const look = { groups, lag, 'dead-letters': deadLetters }[command]
  if (look === undefined) {
    throw new StartError(
      'COMMAND_UNKNOWN',
      `There is no command ${command}. Known: describe, groups, lag, dead-letters, reset.`,
    )
  }
  await withClosers(async (closers) => {
    const log = await openLog(settings, closers)
    const { schemas } = await openRegistry(await asInLog(settings, log), log)
    const topologies = allTopologies(schemas)
    const internal = applications(topologies, schemas).flatMap((one) => one.internalTopics)
    await log.createTopics([...Object.values(schemas.topics), ...internal])
    await look({ log, schemas, topologies, own }, rest)
  })
}

async function withClosers(work: (closers: Closers) => Promise<void>): Promise<void> {
  const closers = new Closers()
  try {
    await work(closers)
  } finally {
    // What there was to say is said: whatever does not close in time must not keep the command from ending.
    setTimeout(() => process.exit(), CLOSE_MS).unref()
    await closers.closeAll((message, error) => console.error(message, error))
  }
}

function describe(topologies: readonly Topology[], name: string | undefined, own: ReadonlyMap<string, string>): void {
  const format = own.has('--json') ? 'json' : own.has('--mermaid') ? 'mermaid' : 'text'
  for (const topology of name === undefined ? topologies : [named(topologies, name)]) {
    console.log(topology.describe(format))
  }
}

async function groups({ log, schemas, topologies }: Tools): Promise<void> {
  for (const { group, topics } of applications(topologies, schemas)) {
    const behind = (await partitionLags(log, group, topics)).reduce((sum, { lag: one }) => sum + one, 0)
    console.log(`${group.padEnd(28)}${count(behind)} records behind`)
  }
}

async function lag({ log, schemas, topologies }: Tools, [name]: readonly string[]): Promise<void> {
  const all = applications(topologies, schemas)
  const wanted = name === undefined ? all : [applicationNamed(all, name)]
  const numbers = ['position', 'end', 'lag'].map((head) => head.padStart(12)).join('')
  console.log(`${'group'.padEnd(28)}${'partition'.padEnd(34)}${numbers}`)
  for (const { group, topics } of wanted) {
    const found = await partitionLags(log, group, topics)
    for (const one of name === undefined ? found.filter((at) => at.lag > 0) : found) {
      const place = `${one.topic}/${one.partition}`
      console.log(`${group.padEnd(28)}${place.padEnd(34)}${count(one.position)}${count(one.end)}${count(one.lag)}`)
    }
  }
}

async function deadLetters(tools: Tools, [name, action, argument]: readonly string[]): Promise<void> {
  const { log, schemas, topologies } = tools
  const all = applications(topologies, schemas)
  if (name === undefined) return await countSetAside(tools, all)
  const application = applicationNamed(all, name)
  if (action === undefined) return await listSetAside(tools, application)
  const known = action === 'show' || action === 'replay' || action === 'discard'
  if (!known || argument === undefined) {
    const asked = [name, action, argument].join(' ').trim()
    const message = `${asked} cannot be done. Known: show PLACE, replay KEY, discard KEY.`
    throw new StartError('COMMAND_UNKNOWN', message)
  }
  if (action === 'show') return show(schemas, await deadLetterAt(log, application, argument))
  const records = await decideParked(log, application, { action, key: argument })
  const what = action === 'replay' ? 'are processed again' : 'go to the dead letters'
  console.log(`${records} records of ${argument} ${what} as soon as ${name} runs.`)
}

async function countSetAside({ log }: Tools, all: readonly Application[]): Promise<void> {
  for (const application of all) {
    const letters = (await deadLettersOf(log, application)).length
    const parked = (await parkedKeysOf(log, application)).length
    console.log(`${application.name.padEnd(28)}${count(letters)} dead letters${count(parked)} parked keys`)
  }
}

async function listSetAside({ log, own }: Tools, application: Application): Promise<void> {
  const limit = Number(own.get('--limit') ?? LIMIT)
  if (!Number.isInteger(limit) || limit < 1) {
    throw new StartError('SETTINGS_INVALID', `--limit is ${own.get('--limit')}: it must be a whole number from 1.`)
  }
  const letters = await deadLettersOf(log, application)
  for (const { at, from, cause } of letters.slice(-limit).reverse()) {
    console.log(
      `${at.partition}@${at.offset}  ${from.topic}/${from.partition}@${from.offset}  ${cause.code} at ${cause.step}`,
    )
    console.log(`    ${cause.message}`)
  }
  console.log(`${letters.length} dead letters of ${application.name}, ${Math.min(limit, letters.length)} shown.`)
  const parked = await parkedKeysOf(log, application)
  for (const { key, records, cause } of parked) {
    console.log(
      `${key}  ${records} records wait: ${cause?.code ?? 'UNKNOWN'} at ${cause?.step ?? '?'}, ${cause?.message ?? ''}`,
    )
  }
  console.log(`${parked.length} parked keys.`)
}

function show({ topics }: Schemas, { at, from, cause, key, value }: SetAside): void {
  const topic = Object.values(topics).find(({ name }) => name === from.topic)
  console.log(`Dead letter ${at.topic}/${at.partition}@${at.offset}`)
  console.log(`From        ${from.topic}/${from.partition}@${from.offset}`)
  console.log(`Cause       ${cause.code} at ${cause.step}: ${cause.message}`)
  console.log(`Key         ${key?.toString('utf8') ?? 'none'}`)
  console.log(`Value       ${wordsOfValue(topic?.value, value)}`)
}

/** What can be read as a record is shown as one, anything else as it is. */
function wordsOfValue(serde: { deserialize(bytes: Buffer): unknown } | undefined, value: Buffer | null): string {
  if (value === null) return 'none'
  try {
    if (serde !== undefined) return JSON.stringify(serde.deserialize(value), null, 2)
  } catch {
    // That is why it stands here.
  }
  return `${value.length} bytes, base64: ${value.toString('base64')}`
}

async function reset(settings: Settings, closers: Closers, name = ''): Promise<void> {
  const { log, backend } = await openStorage(settings, closers)
  const { schemas } = await openRegistry(await asInLog(settings, log), log)
  await log.createTopics(Object.values(schemas.topics))
  const topology = named(allTopologies(schemas), name)
  const { positions, changelogKeys } = await resetApplication({
    ...{ topology, log, backend },
    applicationId: groupOf(topology.name),
  })
  console.log(
    `${topology.name} starts from the beginning: ${changelogKeys} keys of state are gone, ${positions.length} input`,
  )
  console.log('partitions are read again. What it has written stays, and is written again under the same event ids.')
}

function named(topologies: readonly Topology[], name: string): Topology {
  const found = topologies.find((topology) => topology.name === name)
  if (found !== undefined) return found
  const known = topologies.map((topology) => topology.name).join(', ')
  throw new StartError('TOPOLOGY_UNKNOWN', `There is no topology ${JSON.stringify(name)}. Known: ${known}.`)
}

function count(number: number): string {
  return number.toLocaleString('en-US').padStart(12)
}

// Whoever reads the first lines only (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
