import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreditPolicyError, openCreditPolicy } from '#topologies/credit/credit-policy.ts'
import type { PolicyProblem } from '#topologies/credit/policy-coherence.ts'
import { exampleProblems } from '#topologies/credit/policy-examples.ts'
import { OperatorClient } from './policy/operator-client.ts'
import { keyProblems, publishModel, publishPolicy } from './policy/publish.ts'
import { readSettings, type Settings, settingsHelp } from './settings.ts'
import { StartError, wordsOf } from './start-error.ts'

const OPTIONS = [
  ['lint FILE', 'Checks a policy file: its form, gaps and overlaps between bands, its own examples.'],
  ['publish FILE', 'Checks it, and has the running platform decide by it from a time on.'],
  ['publish-model FILE', 'Gives the running platform a score model, for policies to name.'],
  ['--effective-from TIME', 'Business time of ISO 8601 from which the policy holds; from now on where it is not said.'],
  ['--as-challenger', 'The policy never holds by itself: another one names it as its challenger.'],
  ['--url URL', 'The platform; PUBLIC_URL, or http://HOST:PORT, where it is not said.'],
  ['--json', 'The last line is JSON: what was published, or what was wrong.'],
] as const

const OWN_FLAGS = { '--effective-from': true, '--as-challenger': false, '--url': true, '--json': false }

/** `npm run policy`: what an operator does with policy files. Exit code 1 where anything is wrong. */
async function main(): Promise<void> {
  const read = readSettings({ env: process.env, args: process.argv.slice(2), takesWords: true, ownFlags: OWN_FLAGS })
  const { settings, words, own } = read
  const [command, file, ...more] = words
  if (read.help || command === undefined) {
    console.log(settingsHelp('npm run policy -- COMMAND FILE [flags]', OPTIONS))
    return
  }
  if (!['lint', 'publish', 'publish-model'].includes(command) || file === undefined || more.length > 0) {
    throw new StartError('COMMAND_UNKNOWN', `${words.join(' ')} is not a command of this program; --help lists them.`)
  }
  const client = () => new OperatorClient(own.get('--url') ?? urlOf(settings), tokenOf(settings))
  const asJson = own.has('--json')
  if (command === 'lint') tellLint(file, asJson)
  else if (command === 'publish-model') tell(await publishModel(client(), textOf(file)), asJson)
  else {
    const effectiveFrom = own.has('--as-challenger') ? null : own.get('--effective-from')
    tell(await publishPolicy(client(), textOf(file), effectiveFrom), asJson)
  }
}

function tellLint(file: string, asJson: boolean): void {
  const { version, examples, problems } = lint(file)
  for (const { code, text } of problems) console.error(`- ${code}: ${text}`)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${file}: the policy ${version} can be used; its ${examples} examples end as they say.`)
  if (asJson) console.log(JSON.stringify({ version, examples, problems }))
}

function tell({ published, problems, text }: Awaited<ReturnType<typeof publishPolicy>>, asJson: boolean): void {
  for (const problem of problems) console.error(`- ${problem.code}: ${problem.text}`)
  if (published === null) process.exitCode = 1
  const say = published === null ? console.error : console.log
  say(text)
  if (asJson) console.log(JSON.stringify({ published, problems }))
}

type Linted = {
  readonly version: string | null
  readonly examples: number
  readonly problems: readonly PolicyProblem[]
}

function lint(file: string): Linted {
  try {
    const text = textOf(file)
    const policy = openCreditPolicy(JSON.parse(text))
    const problems = [...keyProblems(text), ...exampleProblems(policy)]
    return { version: policy.version, examples: policy.examples.length, problems }
  } catch (error) {
    if (error instanceof CreditPolicyError) return { version: null, examples: 0, problems: error.problems }
    if (error instanceof SyntaxError) {
      const text = `${file} cannot be read: ${error.message}`
      return { version: null, examples: 0, problems: [{ code: 'POLICY_FORM', text }] }
    }
    throw error
  }
}

function textOf(file: string): string {
  try {
    // Some editors begin a file with a mark of its bytes' order, which is no JSON.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new StartError('FILE_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`)
  }
}

function urlOf({ PUBLIC_URL, HOST, PORT }: Settings): string {
  return PUBLIC_URL ?? `http://${HOST}:${PORT}`
}

function tokenOf({ ADMIN_TOKEN, DATA_DIR }: Settings): string {
  return ADMIN_TOKEN ?? textOf(join(DATA_DIR, 'operator-token')).trim()
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exitCode = 1
})
