/** `npm run streams` as people use it on a data directory. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openShop } from './actors.ts'
import { Caller } from './caller.ts'
import { addressOf, endPrograms, Program, startProgram } from './program.ts'
import { newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

afterEach(endPrograms)
afterAll(removeDirectories)

let directory: string
let place: string

beforeAll(async () => {
  directory = newDirectory('streams-tools')
  const platform = await openPlatform(directory)
  try {
    await openShop(new Caller(platform.server.localUrl), platform.operatorToken, 'Discs')
    const value = Buffer.from('no Avro at all')
    const topic = platform.schemas.topics.purchaseCommands.name
    await platform.storage.log.append([{ topic, partition: 0, timestampMs: 0, key: Buffer.from('con_x'), value }])
    await platform.settle()
    const [letter] = (await platform.running.apps.get('credit')?.deadLetters({ limit: 1 })) ?? []
    if (letter === undefined) throw new Error('The record that nobody can read is no dead letter of credit.')
    place = `${letter.position.partition}@${letter.position.offset}`
  } finally {
    await platform.close()
  }
}, 180_000)

async function streams(...args: readonly string[]) {
  const program = new Program('main/streams.ts', [...args, '--data-dir', directory])
  const { code } = await program.ended
  return { code, said: program.stdout + program.stderr }
}

test('lag names every partition of an application, and connectors are applications, too', async () => {
  const { code, said } = await streams('lag', 'credit')
  expect([code, said]).toEqual([0, expect.stringMatching(/fourfold\.credit +purchase\.commands\/0 +\d+ +\d+ +0\n/)])
  expect((await streams('lag', 'connector.bureau')).said).toMatch(/connector\.bureau +bureau\.requests\/\d/)
  // The log is as wide as it was made, whatever PARTITIONS says now.
  expect((await streams('lag', 'credit', '--partitions', '7')).code).toBe(0)
  // Without a name only what is behind is told: nothing is.
  expect((await streams('lag')).said.trimEnd().split('\n')).toHaveLength(1)
}, 120_000)

test('dead letters are counted, listed and shown', async () => {
  expect((await streams('dead-letters')).said).toMatch(/^credit +1 dead letters +0 parked keys$/m)
  const listed = await streams('dead-letters', 'credit')
  expect(listed.said).toMatch(new RegExp(`^${place} +purchase\\.commands/0@\\d+ +SERDE_INVALID_BYTES at `, 'm'))
  expect(listed.said).toContain('1 dead letters of credit, 1 shown.')
  const shown = await streams('dead-letters', 'credit', 'show', place)
  expect(shown.said).toContain(`base64: ${Buffer.from('no Avro at all').toString('base64')}`)
  expect(shown.said).toMatch(/Key +con_x/)
}, 120_000)

test.each([
  ['an unknown application', ['lag', 'credits'], /^APPLICATION_UNKNOWN: There is no application "credits"\. Known: /],
  ['an unknown place', ['dead-letters', 'credit', 'show', '0@999'], /^DEAD_LETTER_UNKNOWN: /],
  ['a key that is not parked', ['dead-letters', 'credit', 'replay', 'con_x'], /^KEY_NOT_PARKED: /],
  ['an unknown action', ['dead-letters', 'credit', 'burn', 'x'], /^COMMAND_UNKNOWN: credit burn x cannot be done/],
  ['an action without its object', ['dead-letters', 'credit', 'replay'], /^COMMAND_UNKNOWN: .*replay KEY/],
  ['a limit that is none', ['dead-letters', 'credit', '--limit', 'all'], /^SETTINGS_INVALID: --limit is all/],
  ['an unknown command', ['lags'], /^COMMAND_UNKNOWN: There is no command lags\. Known: describe, groups, lag/],
  ['a reset of nothing', ['reset'], /^TOPOLOGY_UNKNOWN: /],
])(
  '%s is refused, with what there is',
  async (_, args, said) => {
    const { code, said: told } = await streams(...args)
    expect([code, told]).toEqual([1, expect.stringMatching(said)])
    expect(told).not.toContain('    at ')
  },
  120_000,
)

test('a data directory that is in use is left alone', async () => {
  await addressOf(startProgram(directory, '--clock', 'manual', '--clock-start', '2031-03-03'))
  for (const command of [['lag'], ['dead-letters'], ['reset', 'credit']]) {
    const { code, said } = await streams(...command)
    expect([code, said]).toEqual([1, expect.stringMatching(/^LOG_DIRECTORY_IN_USE: /)])
  }
}, 180_000)
