import { pagesOf } from './health.ts'
import { PARTS, type PartName } from './part-settings.ts'
import { ProcessEnd } from './process-end.ts'
import { readSettings, settingsHelp } from './settings.ts'
import { readFlags } from './settings-flags.ts'
import { StartError, wordsOf } from './start-error.ts'
import { type RunningPart, startPart } from './start-part.ts'

const OPTIONS = [
  ['api', 'The HTTP API and the pages.'],
  ['topologies [NAME…]', 'All topologies, or those that are named.'],
  ['connectors', 'What calls the providers, and the sandboxes of those that have no URL.'],
  ['sinks', 'What copies events into PostgreSQL and ClickHouse.'],
] as const

/** `npm run part -- PART`: a part of the platform in this process, beside others on the same Kafka, until Ctrl-C. */
async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const [word] = readFlags(args).words
  const part = PARTS.find((name) => name === word)
  const defaults = defaultsOf(part)
  const { settings, help, hints, words } = readSettings({ env: process.env, args, takesWords: true, defaults })
  if (help || word === undefined) {
    console.log(settingsHelp('npm run part -- PART [flags]', OPTIONS, defaults))
    return
  }
  if (part === undefined || (part !== 'topologies' && words.length > 1)) throw unknown(words)
  for (const hint of hints) console.warn(hint)
  const startedMs = performance.now()
  let running: RunningPart | undefined
  const end = new ProcessEnd(async () => running?.close())
  end.onSignals(() => 0, '\nStopping: what is under way is finished and committed.')
  const onFailure = (error: unknown) => {
    // The others end with it, for the same reason.
    if (!end.begun) console.error(wordsOf(error))
    void end.withCode(1)
  }
  const topologies = words.slice(1)
  running = await startPart({ part, topologies, settings, onFailure })
  announce(part, topologies, running, performance.now() - startedMs)
}

/** Parts share a machine: each has a folder of its own, and only the API a port that people know. */
function defaultsOf(part: PartName | undefined) {
  if (part === undefined) return {}
  return { DATA_DIR: `./.fourfold/${part}`, ...(part === 'api' ? {} : { PORT: 0 }) }
}

function announce(part: PartName, topologies: readonly string[], { server, instanceId }: RunningPart, ms: number) {
  const what = [part, ...topologies].join(' ')
  const lines = [
    `Fourfold ${what} is up after ${(ms / 1_000).toFixed(1)} s as ${instanceId}.`,
    `  Health              ${server.localUrl}/healthz`,
    ...(part === 'api' ? [`  Operations          ${pagesOf(server.publicUrl)['operations']}`] : []),
    'Ctrl-C stops it; what it had goes on elsewhere.',
  ]
  console.log(lines.join('\n'))
}

function unknown(words: readonly string[]): StartError {
  return new StartError(
    'PART_UNKNOWN',
    `There is no part ${words.join(' ')}. Known: ${OPTIONS.map(([usage]) => usage).join(', ')}.`,
  )
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
