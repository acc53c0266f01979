import { expect, test } from 'vitest'
import type { LocalPart } from './cluster/local-part.ts'
import { Peers } from './cluster/peers.ts'
import { healthRoutes, pagesOf } from './health.ts'

type Fake = {
  readonly apps?: Record<string, { readonly state: string; readonly failure?: Error }>
  readonly connectors?: readonly { readonly name: string; readonly circuit: string; readonly trouble: string | null }[]
  readonly sinks?: () => Promise<readonly object[]>
  readonly needsTopologies?: boolean
}

async function healthOf({ apps = {}, connectors = [], sinks = async () => [], needsTopologies = false }: Fake) {
  const local = {
    ...{ part: 'all', instanceId: 'one', topologies: new Map([['credit', {}]]), sinks },
    apps: new Map(Object.entries(apps).map(([name, app]) => [name, { name, ...app }])),
    connectors: connectors.map((one) => ({ status: () => one })),
  } as unknown as LocalPart
  const options = { pages: pagesOf('https://fourfold.example.com'), ...(needsTopologies ? { peers: new Peers() } : {}) }
  const answer = await healthRoutes(local, options).request('/healthz')
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as { status: string; parts: object[] },
  }
}

const running = { credit: { state: 'RUNNING' } }
const sink =
  (state: string, problem: string | null = null) =>
  async () => [{ name: 'postgres', state, problem }]

test('is ok where every part is, and names the pages', async () => {
  const connectors = [{ name: 'bureau', circuit: 'closed', trouble: null }]
  const { status, headers, body } = await healthOf({ apps: running, connectors, sinks: sink('running') })
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(body).toMatchObject({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    pages: { operations: 'https://fourfold.example.com/ops', openapi: 'https://fourfold.example.com/openapi.json' },
    parts: [
      { name: 'topology credit', status: 'ok', detail: null },
      { name: 'connector bureau', status: 'ok', detail: null },
      { name: 'sink postgres', status: 'ok', detail: null },
    ],
  })
})

test.each<[string, Fake, object]>([
  [
    'a topology that restores',
    { apps: { credit: { state: 'RESTORING' } } },
    { status: 'degraded', detail: 'RESTORING' },
  ],
  [
    'a connector that gave up',
    { connectors: [{ name: 'bureau', circuit: 'open', trouble: null }] },
    { name: 'connector bureau', status: 'degraded', detail: 'circuit open' },
  ],
  [
    'a connector that cannot read',
    { connectors: [{ name: 'bureau', circuit: 'closed', trouble: 'the log is away' }] },
    { status: 'degraded', detail: 'the log is away' },
  ],
  ['a sink that fails', { sinks: sink('failing', 'no space') }, { status: 'degraded', detail: 'no space' }],
  ['a sink that is not there', { sinks: sink('missing', 'npm install chdb') }, { status: 'missing' }],
  ['a topology that runs nowhere', { needsTopologies: true }, { name: 'topology credit', status: 'missing' }],
  [
    'sinks that say nothing',
    { sinks: () => Promise.reject(new Error('the database is away')) },
    { name: 'sinks', status: 'degraded', detail: 'the database is away' },
  ],
])('is degraded with %s, and still answers 200', async (_what, fake, part) => {
  const { status, body } = await healthOf(fake)
  expect([status, body.status]).toEqual([200, 'degraded'])
  expect(body.parts[0]).toMatchObject(part)
})

test('is failed, and 503, where a topology has stopped: nothing can be decided', async () => {
  const apps = { ...running, purchases: { state: 'FAILED', failure: new Error('the disk is full') } }
  const { status, body } = await healthOf({ apps })
  expect([status, body.status]).toEqual([503, 'failed'])
  expect(body.parts[1]).toEqual({ name: 'topology purchases', status: 'degraded', detail: 'the disk is full' })
})
