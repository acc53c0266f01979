import { expect, test } from 'vitest'
import type { TopologyStatus } from '#api/operations.ts'
import type { InstanceStatus } from './instance-status.ts'
import { mergeStatus } from './merge-status.ts'

const topology = (app: string, more: Partial<TopologyStatus>): TopologyStatus => ({
  ...{ app, state: 'RUNNING', recordsProcessed: 10, recordsPerSecond: 1, lag: 5, stateBytes: 100 },
  ...{ deadLetters: 1, parkedKeys: 0, commitMs: null, tasks: [], standbys: [] },
  ...more,
})
const connector = { name: 'bureau', processed: 3, failures: 1, inFlight: 0, lag: 2, circuit: 'closed' }
const sink = { name: 'clickhouse', state: 'running', lag: 4, rows: 7, detail: null }

function instance(id: string, more: Partial<InstanceStatus>): InstanceStatus {
  const view = { id, part: 'topologies', uptimeSeconds: 1, memoryBytes: 2 }
  return { instance: view, topologies: [], connectors: [], sinks: [], ...more }
}

const task = (id: string) => ({ id, state: 'RUNNING', lag: 0, processed: 1, restore: null })

test('adds up what several processes say of one topology', () => {
  const { topologies, instances } = mergeStatus(
    [
      instance('a', { topologies: [topology('credit', { tasks: [task('credit.1')], commitMs: 4 })] }),
      instance('b', { topologies: [topology('credit', { tasks: [task('credit.0')], commitMs: 9, parkedKeys: 2 })] }),
    ],
    ['credit'],
  )
  expect(instances.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(topologies).toEqual([
    topology('credit', {
      ...{ recordsProcessed: 20, recordsPerSecond: 2, stateBytes: 200, deadLetters: 2, parkedKeys: 2, commitMs: 9 },
      // Each says the lag of the whole application: it is not added up.
      lag: 5,
      tasks: [task('credit.0'), task('credit.1')],
    }),
  ])
})

test.each([
  [['RUNNING', 'RESTORING'], 'RESTORING'],
  [['FAILED', 'RUNNING'], 'FAILED'],
  [['RUNNING', 'RUNNING'], 'RUNNING'],
  [[], 'NOT_RUNNING'],
])('a topology whose processes are %j is %s', (states, state) => {
  const all = states.map((one) => instance('x', { topologies: [topology('credit', { state: one })] }))
  expect(mergeStatus(all, ['credit']).topologies[0]?.state).toBe(state)
})

test('adds up connectors and sinks, and says the worst of them', () => {
  const missing = { ...sink, state: 'missing', lag: 0, rows: 0, detail: 'CLICKHOUSE_URL is not set' }
  const failing = { ...sink, state: 'failing', detail: 'no space' }
  const merged = mergeStatus(
    [
      instance('a', { connectors: [connector], sinks: [missing] }),
      instance('b', { connectors: [{ ...connector, circuit: 'open' }], sinks: [sink] }),
      instance('c', { sinks: [failing] }),
    ],
    [],
  )
  expect(merged.connectors).toEqual([{ ...connector, processed: 6, failures: 2, lag: 4, circuit: 'open' }])
  expect(merged.sinks).toEqual([{ ...sink, state: 'failing', lag: 8, rows: 14, detail: 'no space' }])
  expect(mergeStatus([instance('a', { sinks: [missing] })], []).sinks).toEqual([missing])
})
