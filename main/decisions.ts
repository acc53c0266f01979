import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CreditRules, Schemas } from '#schemas'
import type { Log } from '#streams'
import { bookAfter, EMPTY_BOOK } from '#topologies/credit/rule-book.ts'
import { creditTopology } from '#topologies/credit/topology.ts'
import { Closers } from './closers.ts'
import { backTest } from './decisions/back-test.ts'
import { compareWithLog, type DateRange } from './decisions/replay-credit.ts'
import { reportText, verdictText } from './decisions/report-text.ts'
import { testedRules } from './decisions/tested-rules.ts'
import { asInLog } from './log-width.ts'
import { readTopic } from './reconciliation/read-topic.ts'
import { openRegistry } from './registry.ts'
import { readSettings, type Settings, settingsHelp } from './settings.ts'
import { StartError, wordsOf } from './start-error.ts'
import { openLog } from './storage.ts'

const OPTIONS = [
  ['replay', 'Decides the past of the log again, in memory: the same bytes, or exit code 1.'],
  ['--from DATE, --to DATE', 'Only decisions of these business dates count; both are included.'],
  ['--policy FILE', 'Reports what this policy would have decided: approvals gained and lost, expected loss.'],
  ['--model FILE', 'The same for a score model; with --policy, the one that it names.'],
  ['--json', 'The last line is JSON.'],
] as const

const OWN_FLAGS = { '--from': true, '--to': true, '--policy': true, '--model': true, '--json': false }

/** The group of the platform's topology. */
const GROUP = 'fourfold.credit'

/** `npm run decisions`: an embedded log must not be in use by a running platform. */
async function main(): Promise<void> {
  const read = readSettings({ env: process.env, args: process.argv.slice(2), takesWords: true, ownFlags: OWN_FLAGS })
  const { settings, words, own } = read
  const [command, ...more] = words
  if (read.help || command === undefined) {
    console.log(settingsHelp('npm run decisions -- replay [flags]', OPTIONS))
    return
  }
  if (command !== 'replay' || more.length > 0) {
    throw new StartError('COMMAND_UNKNOWN', `There is no command ${words.join(' ')}. Known: replay.`)
  }
  const range = rangeOf(own)
  const files = { policy: own.get('--policy'), model: own.get('--model') }
  const asJson = own.has('--json')
  await withLog(settings, async (log, schemas) => {
    if (files.policy === undefined && files.model === undefined) {
      const verdict = await compareWithLog({ log, schemas, topology: creditTopology(schemas), range, group: GROUP })
      console.log(verdictText(verdict))
      if (asJson) console.log(JSON.stringify({ identical: verdict.differences.length === 0, ...verdict }))
      process.exitCode = verdict.differences.length === 0 ? 0 : 1
      return
    }
    const report = await backTest({ log, schemas, range, group: GROUP }, testedRules(files, await bookOf(log, schemas)))
    console.log(reportText(report))
    if (asJson) console.log(JSON.stringify(report))
  })
}

async function withLog(settings: Settings, work: (log: Log, schemas: Schemas) => Promise<void>): Promise<void> {
  // Opening makes what is not there: a replay of nothing must not say that all is well.
  if (settings.KAFKA_BROKERS === null && !existsSync(join(settings.DATA_DIR, 'log'))) throw nothingIn(settings)
  const closers = new Closers()
  try {
    const log = await openLog(settings, closers)
    const { schemas } = await openRegistry(await asInLog(settings, log), log)
    const topics = (await log.topics()).map(({ name }) => name)
    if (!topics.includes(schemas.topics.creditEvents.name)) throw nothingIn(settings)
    await work(log, schemas)
  } finally {
    await closers.closeAll((message, error) => console.error(message, error))
  }
}

/** All models and policies that were ever published in a log. */
async function bookOf(log: Log, { topics }: Schemas): Promise<CreditRules> {
  const names = (await log.topics()).map(({ name }) => name)
  let book = EMPTY_BOOK
  if (!names.includes(topics.creditRuleEvents.name)) return book
  await readTopic(log, topics.creditRuleEvents, (event) => {
    book = bookAfter(book, event)
  })
  return book
}

function rangeOf(own: ReadonlyMap<string, string>): DateRange {
  const dateOf = (flag: string, otherwise: string) => {
    const text = own.get(flag) ?? otherwise
    if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text
    throw new StartError('SETTINGS_INVALID', `${flag} is ${JSON.stringify(text)}: it must be a date, YYYY-MM-DD.`)
  }
  return { from: dateOf('--from', '0001-01-01'), to: dateOf('--to', '9999-12-31') }
}

function nothingIn({ DATA_DIR }: Settings): StartError {
  return new StartError('DATA_DIR_EMPTY', `${DATA_DIR} holds no decisions. Name the directory of the platform.`)
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
