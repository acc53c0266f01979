import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { partitionFor } from '../log/partitioner.ts'
import { openQueryServer, type QueryServer } from '../remote/query-server.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { type MortalLog, mortalLog } from '../testing/mortal-log.ts'
import { COUNTS, caughtUp, PARTITIONS, say, startWordCount, until, WORDS } from '../testing/word-count-scene.ts'
import type { StreamsApp } from './app.ts'
import type { StreamsAppOptions } from './app-options.ts'

const MANY = Array.from({ length: 300 }, (_, i) => `w${i % 30}`)
const FIRST = ['w1', 'w10', 'w11'].map((word) => [word, 10])
const BEHIND = 'word-count.words-by-word.repartition'

type Instance = { readonly app: StreamsApp; readonly server: QueryServer; readonly process: MortalLog }

let log: MemoryLog
let instances: Map<string, Instance>
let servers: QueryServer[]
beforeEach(async () => {
  log = memoryLog()
  await log.createTopics([WORDS, COUNTS])
  instances = new Map()
  servers = []
})
afterEach(async () => {
  for (const { app } of instances.values()) await app.close()
  for (const server of servers) await server.close()
})

async function start(name: string, options: Partial<StreamsAppOptions> = {}, secret?: string): Promise<Instance> {
  const process = mortalLog(log)
  const server = await openQueryServer(secret === undefined ? {} : { secret })
  servers.push(server)
  const app = await startWordCount({
    ...{ log: process.log, backend: new MemoryBackend(), instanceId: name, queryServer: server },
    ...options,
  })
  const instance = { app, server, process }
  instances.set(name, instance)
  return instance
}
const apps = () => [...instances.values()].map(({ app }) => app)
const totals = ({ app }: Instance) => app.query<number>('totals')
const tasksOf = async ({ app }: Instance) => (await app.status()).tasks.map(({ id }) => id)
const taskOf = (word: string) => `words-by-word.${partitionFor(Buffer.from(word), PARTITIONS)}`
/** A word whose count is kept by this instance. */
const wordOf = async (instance: Instance) => {
  const mine = await tasksOf(instance)
  return MANY.find((word) => mine.includes(taskOf(word))) ?? expect.fail('it keeps no word')
}

describe('a query', () => {
  test('is answered by the owner, whichever instance is asked', async () => {
    const [a, b] = [await start('a'), await start('b')]
    await say(log, MANY)
    await caughtUp(...apps())
    for (const one of [a, b]) {
      for (const word of new Set(MANY)) expect(await totals(one).get(word)).toBe(10)
      expect(await totals(one).get('never said')).toBeUndefined()
      expect(await totals(one).scan()).toHaveLength(30)
      expect(await totals(one).scan({ prefix: 'w1', limit: 3 })).toEqual(FIRST)
    }
    expect((await tasksOf(a)).length).toBe(3)
  })

  test('reads what one wrote, whichever instances the record and the key are on', async () => {
    const [a, b] = [await start('a'), await start('b')]
    await say(log, MANY)
    await caughtUp(...apps())
    for (const asked of [a, b]) {
      for (let n = 1; n <= 10; n++) {
        const key = `mine of ${asked.app === a.app ? 'a' : 'b'}`
        const partition = partitionFor(Buffer.from(key), PARTITIONS)
        const record = { topic: BEHIND, partition, timestampMs: 1, key: Buffer.from(key), value: Buffer.from(key) }
        const [offset] = await log.append([record])
        const position = { topic: BEHIND, partition, offset: offset ?? -1 }
        expect(await totals(asked).get(key, { position })).toBe(n)
        // Read by a task of another partition: it is waited for on its own.
        expect((await totals(asked).scan({ position })).find(([word]) => word === key)).toEqual([key, n])
      }
    }
  })

  test('waits at the owner no longer than it may', async () => {
    const [a, b] = [await start('a'), await start('b')]
    await say(log, MANY)
    await caughtUp(...apps())
    const word = await wordOf(b)
    const position = { topic: BEHIND, partition: partitionFor(Buffer.from(word), PARTITIONS), offset: 9_999 }
    const started = performance.now()
    const asked = totals(a).get(word, { position, timeoutMs: 50 })
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('goes to the new owner when the owner is killed, within its time', async () => {
    const [a, b] = [await start('a', { standbyReplicas: 1 }), await start('b', { standbyReplicas: 1 })]
    await say(log, MANY)
    await caughtUp(...apps())
    const word = await wordOf(b)
    const { server, process } = b
    instances.delete('b')
    await server.close()
    const asked = totals(a).get(word)
    await expect(totals(a).get(word, { timeoutMs: 60 })).rejects.toMatchObject({ code: 'QUERY_OWNER_UNREACHABLE' })
    await process.kill()
    expect(await asked).toBe(10)
  })

  test('does not wait for an owner that hangs once the group knows of another one', async () => {
    const [a, b] = [await start('a'), await start('b')]
    await say(log, MANY)
    await caughtUp(...apps())
    const word = await wordOf(b)
    // It takes the question and never answers, since what is waited for is written only once it is dead.
    const position = { topic: BEHIND, partition: partitionFor(Buffer.from(word), PARTITIONS), offset: 0 }
    const next = (await log.endOffsets([position]))[0]?.offset ?? 0
    const asked = totals(a).get(word, { position: { ...position, offset: next }, timeoutMs: 8_000 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    instances.delete('b')
    await b.process.kill()
    await log.append([{ ...position, timestampMs: 1, key: Buffer.from(word), value: Buffer.from(word) }])
    expect(await asked).toBe(11)
  })

  test('is answered all through rebalances, and never goes back', async () => {
    const a = await start('a')
    await say(log, MANY)
    await caughtUp(...apps())
    const seen = new Map<string, number>()
    let isOver = false
    const ask = async (instance: Instance) => {
      for (let n = 0; !isOver; n++) {
        const word = MANY[n % 30] as string
        const count = (await totals(instance).get(word)) ?? 0
        expect(count, word).toBeGreaterThanOrEqual(seen.get(word) ?? 10)
        seen.set(word, count)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const asking = ask(a)
    for (const name of ['b', 'c']) {
      await start(name)
      await say(log, MANY)
    }
    await instances.get('b')?.app.close()
    instances.delete('b')
    await say(log, MANY)
    await caughtUp(...apps())
    isOver = true
    await asking
    for (const one of instances.values()) expect(await totals(one).get('w1')).toBe(40)
  })
})

describe('a stale query', () => {
  test('is answered by a standby that says how far behind it is', async () => {
    const options = { standbyReplicas: 1 }
    const [a, b, c] = [await start('a', options), await start('b', options), await start('c', options)]
    await say(log, MANY)
    await caughtUp(...apps())
    const all = [a, b, c]
    const word = await wordOf(a)
    const follows = async (one: Instance) => (await one.app.status()).standbys.some(({ id }) => id === taskOf(word))
    const [follower] = (await Promise.all(all.map(async (one) => ((await follows(one)) ? [one] : [])))).flat()
    const stranger = all.find((one) => one !== a && one !== follower)
    if (follower === undefined || stranger === undefined) expect.fail('one of three follows it')
    await until(async () => (await totals(stranger).getStale(word)).value === 10)
    expect(await totals(a).getStale(word)).toEqual({ value: 10, lag: 0, ageMs: 0, from: 'active' })
    for (const asked of [follower, stranger]) {
      const stale = await totals(asked).getStale(word)
      expect(stale).toMatchObject({ value: 10, lag: 0, from: 'standby' })
      expect(stale.ageMs).toBeLessThan(5_000)
    }
    follower.process.holdsReads = true
    const before = await totals(stranger).getStale(word)
    await say(log, MANY)
    await caughtUp(...apps())
    const stale = await totals(stranger).getStale(word)
    expect(stale.value).toBe(10)
    expect(stale.ageMs).toBeGreaterThan(before.ageMs ?? 0)
    expect(await totals(stranger).get(word)).toBe(20)
    follower.process.holdsReads = false
    await until(async () => (await totals(stranger).getStale(word)).value === 20)
    const { entries, lag } = await totals(stranger).scanStale({ prefix: 'w2' })
    expect(entries.map(([key]) => key)).toContain('w2')
    expect(lag).toBeGreaterThanOrEqual(0)
  })

  test('is answered while the owner is lost and nobody has taken over yet', async () => {
    const options = { standbyReplicas: 1 }
    const [a, b] = [await start('a', options), await start('b', options)]
    await say(log, MANY)
    await caughtUp(...apps())
    const word = await wordOf(b)
    await until(async () => (await totals(a).getStale(word)).value === 10)
    await b.server.close()
    expect(await totals(a).getStale(word, { timeoutMs: 500 })).toMatchObject({ value: 10, from: 'standby' })
    await expect(totals(a).get(word, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'QUERY_OWNER_UNREACHABLE' })
  })

  test('is answered by the owner where nobody follows the task', async () => {
    const [a, b] = [await start('a'), await start('b')]
    await say(log, MANY)
    await caughtUp(...apps())
    expect(await totals(a).getStale(await wordOf(b))).toEqual({ value: 10, lag: 0, ageMs: 0, from: 'active' })
  })
})

describe('what goes wrong', () => {
  test('has a code: the owner is unknown, the secret is another one', async () => {
    const a = await start('a', {}, 'one')
    const b = await start('b', {}, 'two')
    await say(log, MANY)
    await caughtUp(...apps())
    const word = await wordOf(b)
    await expect(totals(a).get(word)).rejects.toMatchObject({ code: 'QUERY_FORBIDDEN' })
    await b.app.close()
    instances.delete('b')
    const silent = await startWordCount({ log, backend: new MemoryBackend(), instanceId: 'c' })
    await caughtUp(a.app, silent)
    const ours = await tasksOf(a)
    const theirs = MANY.find((one) => !ours.includes(taskOf(one))) ?? ''
    const asked = totals(a).get(theirs, { timeoutMs: 50 })
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_OWNER_UNKNOWN' })
    // And one without a query server asks nobody, at once.
    await expect(silent.query('totals').get(await wordOf(a))).rejects.toMatchObject({ code: 'QUERY_NOT_HERE' })
    await silent.close()
  })

  test('is told before it starts: an address nobody can ask', async () => {
    const everywhere = await openQueryServer({ host: '0.0.0.0' })
    servers.push(everywhere)
    const options = { log, backend: new MemoryBackend(), instanceId: 'a' }
    for (const [more, why] of [
      [{ advertisedAddress: 'host:1' }, /queryServer is not/],
      [{ queryServer: everywhere }, /which nobody can ask/],
      [{ queryServer: everywhere, advertisedAddress: 'http://host:1' }, /give host:port/],
      [{ queryServer: everywhere, advertisedAddress: 'host' }, /give host:port/],
    ] as const) {
      await expect(startWordCount({ ...options, ...more })).rejects.toThrow(why)
    }
  })
})
