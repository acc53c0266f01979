import { ACCEPTABLE_RECOVERY_LAG } from '../assignor/assignor.ts'
import { StreamsError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import type { QueryServer } from '../remote/query-server.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import type { StreamsAppHooks } from './app-hooks.ts'
import type { Pace } from './pace.ts'

const MB = 1024 * 1024

/** What an application runs with. */
export type StreamsAppOptions = {
  readonly topology: Topology
  readonly log: Log
  /** Where state lives; many applications may share one. It is not closed with the application. */
  readonly backend: StoreBackend
  /**
   * The name of this instance, unique among those that run at the same time, and the same again after a restart: a new
   * one with the same name fences the old.
   */
  readonly instanceId: string
  /** The consumer group; the topology's name where left out. */
  readonly applicationId?: string
  readonly hooks?: StreamsAppHooks
  readonly commit?: Partial<CommitLimits>
  readonly buffer?: Partial<BufferLimits>
  /** For an application that nobody waits for, or only for some of its input. No pauses where it is left out. */
  readonly pace?: Partial<Pace>
  /** Bytes of state each task may keep in memory. 16 MB. */
  readonly cacheBytesMax?: number
  /**
   * How often in a minute the log may refuse this instance as a zombie before it gives up: then another process runs
   * under the same `instanceId`. 10.
   */
  readonly fencedPerMinuteMax?: number
  /**
   * How many other instances follow the state of each task, so that one of them goes on at once where the task's own
   * is lost. 0. All instances must say the same.
   */
  readonly standbyReplicas?: number
  /**
   * An instance that is at most so many changelog records behind may run a task at once; one that is further behind
   * follows it first. 10,000 (KIP-441). All instances must say the same.
   */
  readonly acceptableRecoveryLag?: number
  /**
   * The door through which instances ask each other for state. With it a query is answered by whoever has the task; all
   * instances need one. It is not closed with the application, and other applications may share it.
   */
  readonly queryServer?: QueryServer
  /** Where the other instances reach the query server, host:port; the address it listens on where left out. */
  readonly advertisedAddress?: string
  /** The wall clock, for rates and the age of checkpoints; never for the business. */
  readonly nowMs?: () => number
}

/** Bounds of what is processed and not committed yet. */
export type CommitLimits = {
  /** Bytes of outputs and state changes that may wait for the next transaction. 4 MB. */
  readonly stagedBytesMax: number
  /** Records a task processes at a time. 1,000. */
  readonly recordsMax: number
}

/** Bounds of what is fetched and not processed yet. */
export type BufferLimits = {
  /** Bytes and records of one partition fetched ahead. 1 MB, 4,000. */
  readonly bytesMax: number
  readonly recordsMax: number
  /** Bytes of one fetch over all partitions. 1 MB. */
  readonly fetchBytesMax: number
}

/** The options with every default filled in. */
export type ResolvedOptions = Required<
  Omit<StreamsAppOptions, 'commit' | 'buffer' | 'pace' | 'queryServer' | 'advertisedAddress'>
> & {
  readonly commit: CommitLimits
  readonly buffer: BufferLimits
  readonly pace: Pace
  /** How other instances ask and are asked; null where they are not. */
  readonly peers: { readonly server: QueryServer; readonly address: string } | null
}

/** @throws StreamsError APP_OPTION_INVALID naming the option. */
export function resolveOptions(options: StreamsAppOptions): ResolvedOptions {
  const resolved: ResolvedOptions = {
    ...options,
    applicationId: options.applicationId ?? options.topology.name,
    hooks: options.hooks ?? {},
    commit: { stagedBytesMax: 4 * MB, recordsMax: 1_000, ...options.commit },
    buffer: { bytesMax: MB, recordsMax: 4_000, fetchBytesMax: MB, ...options.buffer },
    pace: { restMs: 0, restPerCommit: 0, restMsMax: 1_000, urgent: new Set(), ...options.pace },
    cacheBytesMax: options.cacheBytesMax ?? 16 * MB,
    fencedPerMinuteMax: options.fencedPerMinuteMax ?? 10,
    standbyReplicas: options.standbyReplicas ?? 0,
    acceptableRecoveryLag: options.acceptableRecoveryLag ?? ACCEPTABLE_RECOVERY_LAG,
    nowMs: options.nowMs ?? Date.now,
    peers: resolvePeers(options),
  }
  if (resolved.instanceId === '') throw invalid('instanceId', 'is empty: give each instance a name of its own')
  if (resolved.applicationId === '') throw invalid('applicationId', 'is empty')
  checkPositive('commit', resolved.commit)
  checkPositive('buffer', resolved.buffer)
  const { urgent: _topics, ...rests } = resolved.pace
  for (const [name, value] of Object.entries(rests)) {
    if (!(value >= 0)) throw invalid(`pace.${name}`, `is ${value}: give a number from 0`)
  }
  if (!(resolved.cacheBytesMax >= 0)) throw invalid('cacheBytesMax', 'is below 0')
  checkNatural('standbyReplicas', resolved.standbyReplicas)
  checkNatural('acceptableRecoveryLag', resolved.acceptableRecoveryLag)
  return resolved
}

const ADDRESS = /^(?:\[[0-9a-f:.]+\]|[^\s/:@?#]+):\d{1,5}$/i

function resolvePeers({ queryServer: server, advertisedAddress }: StreamsAppOptions): ResolvedOptions['peers'] {
  if (server === undefined) {
    if (advertisedAddress === undefined) return null
    throw invalid('advertisedAddress', 'is given and queryServer is not: nobody would answer there')
  }
  const address = advertisedAddress ?? server.address
  if (advertisedAddress === undefined && server.isOnEveryAddress) {
    throw invalid('advertisedAddress', `is needed: the query server listens at ${address}, which nobody can ask`)
  }
  if (!ADDRESS.test(address)) throw invalid('advertisedAddress', `is ${address}: give host:port`)
  return { server, address }
}

function checkPositive(group: string, limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isInteger(value) || value < 1)
      throw invalid(`${group}.${name}`, `is ${value}: give a whole number from 1`)
  }
}

function checkNatural(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) throw invalid(name, `is ${value}: give a whole number from 0`)
}

function invalid(name: string, why: string): StreamsError {
  return new StreamsError('APP_OPTION_INVALID', `The option ${name} of the application ${why}.`)
}
