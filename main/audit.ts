import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditVerdict, verifyAudit } from './audit/verify-audit.ts'
import { Closers } from './closers.ts'
import { asInLog } from './log-width.ts'
import { openRegistry } from './registry.ts'
import { readSettings, type Settings, settingsHelp } from './settings.ts'
import { StartError, wordsOf } from './start-error.ts'
import { openLog } from './storage.ts'
import { allTopologies } from './topologies.ts'

const COMMANDS = [
  ['verify', 'Reads the whole audit log and finds entries that were changed, removed or put elsewhere.'],
] as const

/** What each fault means to the person who reads it. */
const MEANING: Readonly<Record<AuditVerdict['faults'][number]['fault'], string>> = {
  CHANGED: 'its content is not what was written',
  MISSING: 'it is not there',
  REORDERED: 'it stands at the wrong place, or twice',
  FORKED: 'it does not follow the entry before it',
}

/** `npm run audit -- verify`: exit code 0 where every chain is whole, else 1; an embedded log must not be in use. */
async function main(): Promise<void> {
  const { settings, words, help } = readSettings({ env: process.env, args: process.argv.slice(2), takesWords: true })
  const [command] = words
  if (help || command === undefined) {
    console.log(settingsHelp('npm run audit -- COMMAND [flags]', COMMANDS))
    return
  }
  if (command !== 'verify') {
    throw new StartError('COMMAND_UNKNOWN', `There is no command ${command}. Known: verify.`)
  }
  const verdict = await verify(settings)
  tell(verdict)
  process.exitCode = verdict.faults.length + verdict.unreadable > 0 ? 1 : 0
}

async function verify(settings: Settings): Promise<AuditVerdict> {
  // Opening makes what is not there: an audit of nothing must not say that all is well.
  if (settings.KAFKA_BROKERS === null && !existsSync(join(settings.DATA_DIR, 'log'))) throw nothingIn(settings)
  const closers = new Closers()
  try {
    const log = await openLog(settings, closers)
    const { schemas } = await openRegistry(await asInLog(settings, log), log)
    const topology = allTopologies(schemas).find(({ name }) => name === 'audit')
    if (topology === undefined) throw new Error('There is no audit topology.')
    // The topics are those of the platform, however many partitions it gave them; none is made here.
    const names = (await log.topics()).map(({ name }) => name)
    if (!names.includes(schemas.topics.auditEntries.name)) throw nothingIn(settings)
    return await verifyAudit({ log, schemas, topology })
  } finally {
    await closers.closeAll((message, error) => console.error(message, error))
  }
}

function nothingIn({ DATA_DIR }: Settings): StartError {
  return new StartError('DATA_DIR_EMPTY', `${DATA_DIR} holds no audit log. Name the directory of the platform.`)
}

function tell({ entries, subjects, faults, unreadable }: AuditVerdict): void {
  for (const { subject, sequence, fault } of faults) {
    console.log(`${fault.padEnd(10)}${subject}, entry ${sequence}: ${MEANING[fault]}.`)
  }
  if (unreadable > 0) console.log(`UNREADABLE ${unreadable} records of the audit log hold no entry any more.`)
  const read = `${entries.toLocaleString('en-US')} entries of ${subjects.toLocaleString('en-US')} subjects`
  const isWhole = faults.length + unreadable === 0
  console.log(isWhole ? `${read}: every chain is whole.` : `${read}: ${faults.length} chains are broken.`)
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
