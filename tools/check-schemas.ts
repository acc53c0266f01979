/**
 * Checks that the schemas of `schemas/avro` can follow every release in `schemas/released` (BACKWARD_TRANSITIVE, and
 * no field without a default taken away). Exits 1 naming each record, field and reason.
 * `--release` writes the present schemas as the release of package.json's version.
 */

import { loadAvroFiles } from '#schemas/avro-files.ts'
import { loadReleases, releaseProblems, writeRelease } from '#schemas/released.ts'
import packageJson from '../package.json' with { type: 'json' }

const definitions = loadAvroFiles()
const releases = loadReleases()
const problems = releaseProblems(definitions, releases)
if (problems.length > 0) {
  console.error(['The schemas cannot follow their releases:', ...problems.map((problem) => `- ${problem}`)].join('\n'))
  process.exitCode = 1
} else if (process.argv.includes('--release')) {
  writeRelease({ name: packageJson.version, definitions })
  console.log(`Wrote schemas/released/${packageJson.version}.json.`)
} else {
  console.log(`${definitions.size} types can follow every release (${releases.length}).`)
}
