/**
 * The platform on a real broker in nine processes: four nodes of the API, two of the topologies, the connectors and two
 * of the sinks. What holds in one process holds in many, also when one of them is killed in the middle.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openPoolDatabase } from '#sinks/postgres/pool-database.ts'
import { reconciliationSums } from '#sinks/postgres/read/reconciliation.ts'
import { type RealPostgres, startRealPostgres } from '#sinks/testing/real-postgres.ts'
import { describeWithOwnKafka } from '#streams/testing'
import { capture, openShop } from './actors.ts'
import { Caller } from './caller.ts'
import { endPrograms, Program } from './program.ts'
import { confirmOne, expectSixToPass, LIMIT, lineUp, type Outcome, PASS, type Race } from './race.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

const UP_MS = 180_000
const AGAIN_MS = 500
/** A task whose process was killed goes on when its session is over and its state is read. */
const ANSWERED_MS = 180_000
/** Who races, how many purchases each asks for, and how many of all of them must be approved. */
const SHOPPERS = 20
const EACH = 25
const APPROVED = SHOPPERS * PASS
const ADMIN_TOKEN = 'the-operator-of-this-test'

let postgres: RealPostgres
let directory: string

/** Starts parts of one platform, each in a folder of its own. */
function starter(broker: string) {
  return (name: string, ...args: readonly string[]): Program =>
    new Program('main/part.ts', [...args, '--data-dir', join(directory, name), '--port', '0'], {
      KAFKA_BROKERS: broker,
      DATABASE_URL: postgres.url,
      QUERY_SECRET: 'what-the-processes-know',
      TOKEN_SECRET: 'what-the-api-nodes-know',
      ADMIN_TOKEN,
      CLOCK: 'manual',
      CLOCK_START: '2031-03-03',
    })
}

/** What `npm run streams` says, and how it ends. */
async function tool(broker: string, ...args: readonly string[]): Promise<[code: number | null, said: string]> {
  const own = ['--data-dir', newDirectory('tool')]
  const program = new Program('main/streams.ts', [...args, ...own], { KAFKA_BROKERS: broker })
  const { code } = await program.ended
  return [code, program.stdout + program.stderr]
}

/** Where a part says that it is, when it is up. */
async function urlOf(part: Program): Promise<string> {
  const [, url = ''] = await part.says(/Health +(http:\S+)\/healthz/, UP_MS)
  return url
}

/** Asks, with the same key, until there is an answer: a node may be told to wait while a task moves. */
async function confirmSurely(callers: readonly Caller[], race: Race, index: number): Promise<Outcome> {
  const deadline = performance.now() + ANSWERED_MS
  for (let tries = index; ; tries++) {
    try {
      const outcome = await confirmOne(callers[tries % callers.length] as Caller, race, index)
      if (outcome.status !== 'PENDING') return outcome
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await sleep(AGAIN_MS)
  }
}

/** What the read model adds up to, by measure. */
async function sumsInPostgres(): Promise<Readonly<Record<string, number>>> {
  const database = await openPoolDatabase(postgres.url)
  try {
    const rows = await reconciliationSums(database)
    return Object.fromEntries(rows.map(({ measure, sumMinor }) => [measure, Number(sumMinor)]))
  } finally {
    await database.close()
  }
}

await describeWithOwnKafka('the platform in many processes', {}, (broker) => {
  beforeAll(async () => {
    postgres = await startRealPostgres()
    directory = newDirectory('parts')
  }, UP_MS)
  afterEach(endPrograms)
  afterAll(async () => {
    await postgres?.stop()
    removeDirectories()
  })

  test('of 500 purchases of 20 shoppers at once each has 6, with a kill -9 of half of the topologies', async () => {
    const start = starter(broker().addresses.plain)
    // All at once, as a machine that comes back starts them: nobody waits for anybody.
    const [doomed, topologies] = [start('topologies-1', 'topologies'), start('topologies-2', 'topologies')]
    const others = [start('connectors', 'connectors'), start('sinks-1', 'sinks'), start('sinks-2', 'sinks')]
    const nodes = ['api-1', 'api-2', 'api-3', 'api-4'].map((name) => start(name, 'api'))
    const urls = await Promise.all(nodes.map(urlOf))
    await Promise.all([doomed, topologies, ...others].map(urlOf))
    const callers = urls.map((url) => new Caller(url))
    const [caller, second] = callers as [Caller, Caller]
    const shop = await openShop(caller, ADMIN_TOKEN, 'Discs')
    const races = await Promise.all(
      Array.from({ length: SHOPPERS }, (_, no) => {
        return lineUp(callers[no % callers.length] as Caller, shop, `racer-${no}`, EACH)
      }),
    )

    let answered = 0
    const racing = Promise.all(
      races.map((race) =>
        Promise.all(
          race.checkoutIds.map(async (_, index) => {
            const outcome = await confirmSurely(callers, race, index)
            answered += 1
            return outcome
          }),
        ),
      ),
    )
    // In the middle: some have their answer, and many a decision is between the log and its store.
    while (answered < APPROVED) await sleep(1)
    await doomed.kill()
    console.log(`${answered} of ${SHOPPERS * EACH} were answered before half of the topologies were killed`)
    const outcomes = await racing
    for (const ofOne of outcomes) expectSixToPass(ofOne)
    // Asked again, at another node, each has the answer it had.
    const asked = races.map((race) => Promise.all(race.checkoutIds.map((_, no) => confirmSurely([second], race, no))))
    expect(await Promise.all(asked)).toEqual(outcomes)
    for (const { shopper } of races) {
      const consumer = await second.get('/v1/consumers/me', shopper.token)
      expect(consumer).toMatchObject({ credit: { limitMinor: LIMIT, holdMinor: LIMIT, availableMinor: 0 } })
    }

    // The sinks, each with a share of the partitions, come to the same sums; captured, holds, plans and ledger agree.
    const approved = outcomes.flat().filter((one) => one.status === 'AUTHORISED')
    await Promise.all(approved.map(({ purchaseId }) => capture(caller, shop, purchaseId, LIMIT / PASS)))
    const totals = () => caller.get('/v1/operations/totals', ADMIN_TOKEN)
    await expect.poll(totals, { timeout: 60_000 }).toMatchObject({ purchases: SHOPPERS * EACH, approved: APPROVED })
    const allMinor = SHOPPERS * LIMIT
    await expect.poll(sumsInPostgres, { timeout: 60_000 }).toMatchObject({
      ...{ 'decisions.approved': allMinor, 'decisions.declined': SHOPPERS * EACH * (LIMIT / PASS) - allMinor },
      ...{ 'purchases.authorised': allMinor, captures: allMinor, 'plans.hold': 0, 'credit.hold': 0 },
      ...{ 'plans.outstanding': allMinor, 'credit.outstanding': allMinor },
      ...{ 'ledger.assets:consumer-receivable': allMinor, 'ledger.postings': 0 },
    })
    const status = await caller.get<{ instances: { part: string }[] }>('/v1/operations/status', ADMIN_TOKEN)
    const parts = status.instances.map(({ part }) => part).sort()
    expect(parts).toEqual(['api', 'api', 'api', 'api', 'connectors', 'sinks', 'sinks', 'topologies'])

    // What runs can be looked at, and is not reset.
    const lags = await tool(broker().addresses.plain, 'lag', 'credit')
    expect(lags).toEqual([0, expect.stringMatching(/fourfold\.credit +purchase\.commands\/3 +\d+ +\d+ +0\n/)])
    const reset = await tool(broker().addresses.plain, 'reset', 'credit')
    expect(reset).toEqual([1, expect.stringMatching(/^LOG_GROUP_ACTIVE: /)])

    // Time is moved at one node, and the other one follows.
    await second.post('/v1/sandbox/clock', { token: ADMIN_TOKEN, body: { days: 2 } })
    const clock = () => caller.get('/v1/sandbox/clock', ADMIN_TOKEN)
    await expect.poll(clock, { timeout: 30_000 }).toMatchObject({ date: '2031-03-05' })

    for (const part of [...nodes, ...others, topologies]) part.signal('SIGTERM')
    for (const part of [...nodes, ...others, topologies]) {
      expect([part.stderr, await part.ended]).toEqual([expect.any(String), { code: 0, signal: null }])
    }
  }, 600_000)

  test('a topology that runs nowhere is named, and a request for it is told to come again', async () => {
    const start = starter(broker().addresses.plain)
    const url = await urlOf(start('api-1', 'api'))
    const health = async () => (await (await fetch(`${url}/healthz`)).json()) as { status: string; parts: object[] }
    // A process that was killed counts as there until it has not been heard of for a while.
    await expect.poll(async () => (await health()).status, { timeout: 60_000, interval: 500 }).toBe('degraded')
    const missing = expect.objectContaining({ name: 'topology credit', status: 'missing' })
    expect((await health()).parts).toContainEqual(missing)
    const asked = { token: ADMIN_TOKEN }
    const answer = await new Caller(url).send('GET', '/v1/operations/topologies/credit/dead-letters', asked)
    expect([answer.status, answer.body.code]).toEqual([503, 'TOPOLOGY_NOT_RUNNING'])
  }, 300_000)
})
