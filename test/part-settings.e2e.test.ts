/** What a part refuses before it opens anything, as people see it. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { endPrograms, Program } from './program.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

afterEach(endPrograms)
afterAll(removeDirectories)

const KAFKA = ['--kafka-brokers', '127.0.0.1:1', '--query-secret', 'x']

test.each([
  ['a part there is not', ['web'], /^PART_UNKNOWN: There is no part web\. Known: api, topologies \[NAME…\], /],
  ['a name where none is taken', ['sinks', 'postgres'], /^PART_UNKNOWN: There is no part sinks postgres/],
  ['the embedded log', ['topologies', '--query-secret', 'x'], /part topologies needs KAFKA_BROKERS: the embedded log/],
  ['no secret', ['connectors', '--kafka-brokers', '127.0.0.1:1'], /part connectors needs QUERY_SECRET/],
  ['an API without its database and secrets', ['api', ...KAFKA], /DATABASE_URL.*\n.*ADMIN_TOKEN.*\n.*TOKEN_SECRET/],
  ['sinks without a database', ['sinks', ...KAFKA], /part sinks needs DATABASE_URL/],
  ['a broker that is not there', ['topologies', ...KAFKA], /^LOG_UNREACHABLE: /],
])(
  '%s is refused by its name',
  async (_, args, said) => {
    const program = new Program('main/part.ts', [...args, '--data-dir', newDirectory('part'), '--port', '0'])
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.stderr).toMatch(said)
    expect(program.stderr).not.toContain('    at ')
  },
  120_000,
)
