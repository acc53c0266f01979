import type { ConnectorStatus, SinkStatus, TopologyStatus } from '#api/operations.ts'
import type { InstanceStatus } from './instance-status.ts'

/** From good to bad: what is said of several is the worst of them. */
const STATES: readonly string[] = ['RUNNING', 'CREATED', 'STARTING', 'REBALANCING', 'RESTORING', 'CLOSING', 'CLOSED']
const CIRCUITS: readonly string[] = ['closed', 'half-open', 'open']
const SINK_STATES: readonly string[] = ['running', 'starting', 'stopped', 'failing']

/** Adds up what several processes say of the parts they share; a topology that none of them runs is named, too. */
export function mergeStatus(
  all: readonly InstanceStatus[],
  names: readonly string[],
): Omit<InstanceStatus, 'instance'> & { readonly instances: readonly InstanceStatus['instance'][] } {
  const topologies = groupBy(
    all.flatMap((one) => one.topologies),
    ({ app }) => app,
  )
  const connectors = groupBy(
    all.flatMap((one) => one.connectors),
    ({ name }) => name,
  )
  const sinks = groupBy(
    all.flatMap((one) => one.sinks),
    ({ name }) => name,
  )
  return {
    instances: all.map(({ instance }) => instance).filter(isFirstOfItsId),
    topologies: names.map((name) => mergeTopology(name, topologies.get(name) ?? [])),
    connectors: [...connectors.values()].map(mergeConnector),
    sinks: [...sinks.values()].map(mergeSink),
  }
}

/** Several threads of a process are one instance. */
function isFirstOfItsId(
  { id }: { readonly id: string },
  index: number,
  all: readonly { readonly id: string }[],
): boolean {
  return all.findIndex((one) => one.id === id) === index
}

function mergeTopology(app: string, all: readonly TopologyStatus[]): TopologyStatus {
  const sum = (of: (one: TopologyStatus) => number) => all.reduce((total, one) => total + of(one), 0)
  const commits = all.flatMap(({ commitMs }) => (commitMs === null ? [] : [commitMs]))
  return {
    app,
    state: worst(STATES, all, ({ state }) => state) ?? 'NOT_RUNNING',
    recordsProcessed: sum((one) => one.recordsProcessed),
    recordsPerSecond: sum((one) => one.recordsPerSecond),
    // Each says it of the whole application.
    lag: Math.max(0, ...all.map(({ lag }) => lag)),
    stateBytes: sum((one) => one.stateBytes),
    deadLetters: sum((one) => one.deadLetters),
    parkedKeys: sum((one) => one.parkedKeys),
    commitMs: commits.length === 0 ? null : Math.max(...commits),
    tasks: all.flatMap(({ tasks }) => tasks).sort((a, b) => (a.id < b.id ? -1 : 1)),
    standbys: all.flatMap(({ standbys }) => standbys).sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function mergeConnector(all: readonly [ConnectorStatus, ...ConnectorStatus[]]): ConnectorStatus {
  const sum = (of: (one: ConnectorStatus) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    ...all[0],
    processed: sum((one) => one.processed),
    failures: sum((one) => one.failures),
    inFlight: sum((one) => one.inFlight),
    lag: sum((one) => one.lag),
    circuit: worst(CIRCUITS, all, ({ circuit }) => circuit) ?? all[0].circuit,
  }
}

function mergeSink(all: readonly [SinkStatus, ...SinkStatus[]]): SinkStatus {
  const writers = all.filter(({ state }) => state !== 'missing')
  const [first] = writers
  if (first === undefined) return all[0]
  return {
    name: first.name,
    state: worst(SINK_STATES, writers, ({ state }) => state) ?? first.state,
    lag: writers.reduce((total, { lag }) => total + lag, 0),
    rows: writers.reduce((total, { rows }) => total + rows, 0),
    detail: writers.find(({ detail }) => detail !== null)?.detail ?? null,
  }
}

/** What is not in the table is worse than all that is. */
function worst<T>(order: readonly string[], all: readonly T[], of: (one: T) => string): string | undefined {
  const rank = (state: string) => (order.includes(state) ? order.indexOf(state) : order.length)
  return all.map(of).sort((a, b) => rank(b) - rank(a))[0]
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return groups
}
