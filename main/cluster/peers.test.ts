import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Log, memoryLog, openQueryServer, type QueryServer, StreamsError } from '#streams'
import { PEER_DOOR, Peers } from './peers.ts'
import { type Instance, Presence } from './presence.ts'

const SECRET = 'what all of them know'

type Process = { readonly peers: Peers; readonly server: QueryServer; readonly presence: Presence }

let log: Log
let processes: Process[]

beforeEach(() => {
  log = memoryLog()
  processes = []
})
afterEach(async () => {
  for (const { presence } of processes) await presence.close()
  for (const { server } of processes) await server.close()
})

/** A process that runs these topologies and answers questions in its own way. */
async function start(id: string, topologies: readonly string[], answer: (question: unknown) => Promise<unknown>) {
  const server = await openQueryServer({ secret: SECRET })
  server.serve(PEER_DOOR, answer)
  const own: Instance = {
    ...{ id, part: 'topologies', address: server.address, topologies },
    ...{ hasConnectors: false, sandboxes: null },
  }
  const presence = await Presence.open(log, own)
  const process = { peers: new Peers(server, presence), server, presence }
  processes.push(process)
  return process
}

const question = (timeoutMs: number) => ({ kind: 'dead-letters', app: 'credit', limit: timeoutMs }) as const
const nothing = () => Promise.resolve(null)
const notHere = () => Promise.reject(new StreamsError('QUERY_NOT_HERE', 'it has moved'))

test('asks one that runs the topology, and the next where the first cannot answer', async () => {
  await start('a', ['credit'], notHere)
  await start('b', ['credit'], () => Promise.resolve('from b'))
  await start('c', ['ledger'], () => Promise.resolve('from c'))
  const { peers } = await start('d', [], nothing)
  expect(peers.running('credit').map(({ id }) => id)).toEqual(['a', 'b'])
  expect(await peers.askAny('credit', question)).toBe('from b')
})

test('waits for one that comes, within its time', async () => {
  const { peers } = await start('a', [], nothing)
  const asked = peers.askAny('credit', question)
  await start('b', ['credit'], () => Promise.resolve('here now'))
  expect(await asked).toBe('here now')
  await expect(peers.askAny('ledger', question, 100)).rejects.toMatchObject({ code: 'TOPOLOGY_NOT_RUNNING' })
})

test('gives up at once on what no other process would answer better', async () => {
  let asked = 0
  const refuse = () => {
    asked += 1
    return Promise.reject(new StreamsError('STREAMS_UNKNOWN_STORE', 'there is no such store'))
  }
  await start('a', ['credit'], refuse)
  await start('b', ['credit'], refuse)
  const { peers } = await start('c', [], nothing)
  await expect(peers.askAny('credit', question)).rejects.toMatchObject({ code: 'STREAMS_UNKNOWN_STORE' })
  expect(asked).toBe(1)
})

test('one that is gone without a word does not keep the others from answering', async () => {
  const { server } = await start('a', ['credit'], nothing)
  await start('b', ['credit'], () => Promise.resolve('from b'))
  const { peers } = await start('c', [], nothing)
  await server.close()
  expect(await peers.askAny('credit', question)).toBe('from b')
  expect(await peers.askAll(peers.all(), { kind: 'status' })).toEqual(['from b'])
})

test('on a log of one process nobody is there', async () => {
  const peers = new Peers()
  expect(peers.all()).toEqual([])
  expect(await peers.askAll(peers.all(), { kind: 'status' })).toEqual([])
})
