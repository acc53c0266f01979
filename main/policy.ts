import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { CreditPolicyError, openCreditPolicy } from '#topologies/credit/credit-policy.ts'
import { exampleProblems } from '#topologies/credit/policy-examples.ts'

const HELP = `npm run policy -- lint FILE [--json]

Checks a credit policy: its form (topologies/credit/credit-policy.schema.json), that its parts do not contradict each
other (gaps and overlaps between bands, rules that limit nothing, currencies nobody takes), and that every example in
the file is decided as it says. Exit code 1 where anything is wrong.`

/** `npm run policy`: what an operator does with policy files. */
function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  const [command, file, ...more] = positionals
  if (values.help === true || command === undefined) {
    console.log(HELP)
    return
  }
  if (command !== 'lint' || file === undefined || more.length > 0) {
    console.error(`COMMAND_UNKNOWN: ${positionals.join(' ')} is not a command of this program.\n\n${HELP}`)
    process.exitCode = 1
    return
  }
  const { version, examples, problems } = lint(file)
  for (const problem of problems) console.error(`- ${problem}`)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${file}: the policy ${version} can be used; its ${examples} examples end as they say.`)
  if (values.json === true) console.log(JSON.stringify({ version, examples, problems }))
}

type Linted = { readonly version: string | null; readonly examples: number; readonly problems: readonly string[] }

function lint(file: string): Linted {
  try {
    const policy = openCreditPolicy(JSON.parse(readFileSync(file, 'utf8')))
    return { version: policy.version, examples: policy.examples.length, problems: exampleProblems(policy) }
  } catch (error) {
    if (error instanceof CreditPolicyError) return { version: null, examples: 0, problems: error.problems }
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) {
      return { version: null, examples: 0, problems: [`${file} cannot be read: ${error.message}`] }
    }
    throw error
  }
}

main()
