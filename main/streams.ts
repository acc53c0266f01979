import { memoryLog, resetApplication, type Topology } from '#streams'
import { Closers } from './closers.ts'
import { openRegistry } from './registry.ts'
import { groupLag } from './rest.ts'
import { readSettings, type Settings, settingsHelp } from './settings.ts'
import { StartError, wordsOf } from './start-error.ts'
import { openStorage, type Storage } from './storage.ts'
import { allTopologies } from './topologies.ts'

const COMMANDS = [
  ['describe [NAME]', 'The graph of a topology, or of all: --mermaid or --json for other forms.'],
  ['groups', 'Every consumer group and how far behind it is.'],
  ['reset NAME', 'Takes a topology back to its beginning: empty stores, inputs read again, outputs written again.'],
] as const

type Tools = { readonly storage: Storage; readonly topologies: readonly Topology[] }

/** `npm run streams -- COMMAND`: draws topologies; looks at those of a data directory nobody uses, or resets one. */
async function main(): Promise<void> {
  const { settings, own, words, help } = readSettings({
    env: process.env,
    args: process.argv.slice(2),
    ownFlags: { '--json': false, '--mermaid': false },
    takesWords: true,
  })
  const [command, name] = words
  if (help || command === undefined) {
    console.log(settingsHelp('npm run streams -- COMMAND [flags]', COMMANDS))
    return
  }
  if (command === 'describe') {
    // The graphs are in the code: a log that holds nothing is enough, and one that is in use is no obstacle.
    const { schemas } = await openRegistry(settings, memoryLog())
    describe(allTopologies(schemas), name, own)
    return
  }
  await withStorage(settings, async (tools) => {
    if (command === 'groups') await groups(tools)
    else if (command === 'reset') await reset(tools, name)
    else throw new StartError('COMMAND_UNKNOWN', `There is no command ${command}. Known: describe, groups, reset.`)
  })
}

async function withStorage(settings: Settings, work: (tools: Tools) => Promise<void>): Promise<void> {
  const closers = new Closers()
  try {
    const storage = await openStorage(settings, closers)
    const { schemas } = await openRegistry(settings, storage.log)
    await storage.log.createTopics(Object.values(schemas.topics))
    await work({ storage, topologies: allTopologies(schemas) })
  } finally {
    await closers.closeAll((message, error) => console.error(message, error))
  }
}

function describe(topologies: readonly Topology[], name: string | undefined, own: ReadonlyMap<string, string>): void {
  const format = own.has('--json') ? 'json' : own.has('--mermaid') ? 'mermaid' : 'text'
  for (const topology of name === undefined ? topologies : [named(topologies, name)]) {
    console.log(topology.describe(format))
  }
}

async function groups({ storage, topologies }: Tools): Promise<void> {
  for (const topology of topologies) {
    await storage.log.createTopics(topology.internalTopics())
    const group = `fourfold.${topology.name}`
    const lag = await groupLag(storage.log, { group, topics: topology.inputTopics() })
    console.log(`${group.padEnd(28)}${lag.toLocaleString('en-US').padStart(12)} records behind`)
  }
}

async function reset({ storage, topologies }: Tools, name: string | undefined): Promise<void> {
  const topology = named(topologies, name ?? '')
  const { positions, changelogKeys } = await resetApplication({
    ...{ topology, log: storage.log, backend: storage.backend },
    applicationId: `fourfold.${topology.name}`,
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

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
