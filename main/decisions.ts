import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { msToDate } from '#domain/calendar.ts'
import type { CreditRules, Schemas } from '#schemas'
import type { Log } from '#streams'
import { type CreditPolicy, openCreditPolicy } from '#topologies/credit/credit-policy.ts'
import { CREDIT_POLICY } from '#topologies/credit/decision-rules.ts'
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
      if (verdict.records === 0) throw nothingWithin(range)
      console.log(verdictText(verdict))
      if (asJson) console.log(JSON.stringify({ identical: verdict.differences.length === 0, ...verdict }))
      process.exitCode = verdict.differences.length === 0 ? 0 : 1
      return
    }
    const { book, policyOf } = await publishedIn(log, schemas)
    const report = await backTest({ log, schemas, range, group: GROUP }, testedRules(files, book), policyOf)
    if (report.byCurrency.length === 0) throw nothingWithin(range)
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

type Published = { readonly book: CreditRules; readonly policyOf: (version: string) => CreditPolicy }

/** The book of rules of a log, and each policy that was ever in it: the book itself drops the files of old ones. */
async function publishedIn(log: Log, { topics }: Schemas): Promise<Published> {
  const names = (await log.topics()).map(({ name }) => name)
  const policies = new Map<string, CreditPolicy>()
  const policyOf = (version: string) => policies.get(version) ?? CREDIT_POLICY
  let book = EMPTY_BOOK
  if (!names.includes(topics.creditRuleEvents.name)) return { book, policyOf }
  await readTopic(log, topics.creditRuleEvents, (event) => {
    book = bookAfter(book, event)
    if (event.type === 'CreditPolicyPublished') policies.set(event.version, openCreditPolicy(JSON.parse(event.file)))
  })
  return { book, policyOf }
}

function rangeOf(own: ReadonlyMap<string, string>): DateRange {
  const dateOf = (flag: string, otherwise: string) => {
    const text = own.get(flag) ?? otherwise
    if (isDate(text)) return text
    throw new StartError('SETTINGS_INVALID', `${flag} is ${JSON.stringify(text)}: it must be a date, YYYY-MM-DD.`)
  }
  const range = { from: dateOf('--from', '0001-01-01'), to: dateOf('--to', '9999-12-31') }
  if (range.from <= range.to) return range
  throw new StartError('SETTINGS_INVALID', `--from is ${range.from}, and --to is ${range.to}, which is before it.`)
}

/** A day that its month does not have would be read as one of the next month. */
function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms) && msToDate(ms) === text
}

function nothingWithin({ from, to }: DateRange): StartError {
  return new StartError(
    'RANGE_EMPTY',
    `Nothing of the log has a business date from ${from} to ${to}. Take another range.`,
  )
}

function nothingIn({ DATA_DIR }: Settings): StartError {
  return new StartError('DATA_DIR_EMPTY', `${DATA_DIR} holds no decisions. Name the directory of the platform.`)
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
