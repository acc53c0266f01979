/** What the operations page shows, as data. `main` fills it from the running parts. */

/** How far state that is read from a changelog has come, and how fast it goes. */
export type RestoreStatus = {
  /** Changelog records applied, and offsets still to go. */
  readonly records: number
  readonly remaining: number
  readonly bytes: number
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  /** Milliseconds; null where nothing can be said yet. */
  readonly msLeft: number | null
}

/** A task of another instance whose state is kept here too. */
export type StandbyStatus = {
  readonly id: string
  /** Changelog records to go. */
  readonly lag: number
  /** True where the task is to run here as soon as it has caught up. */
  readonly isWarmUp: boolean
  /** Milliseconds since the copy last had everything; null where it never had. */
  readonly ageMs: number | null
  readonly progress: RestoreStatus
}

/** How a topology is doing. */
export type TopologyStatus = {
  readonly app: string
  readonly state: string
  readonly recordsProcessed: number
  /** Over the last ten seconds. */
  readonly recordsPerSecond: number
  /** Input records written and not yet processed. */
  readonly lag: number
  readonly stateBytes: number
  readonly deadLetters: number
  readonly parkedKeys: number
  /** Of the last transaction. */
  readonly commitMs: number | null
  readonly tasks: readonly {
    readonly id: string
    readonly state: string
    readonly lag: number
    readonly processed: number
    /** Null where it does not restore. */
    readonly restore: RestoreStatus | null
  }[]
  readonly standbys: readonly StandbyStatus[]
}

/** How a connector is doing. */
export type ConnectorStatus = {
  readonly name: string
  readonly processed: number
  readonly failures: number
  readonly inFlight: number
  readonly lag: number
  readonly circuit: string
}

/** How a sink is doing. */
export type SinkStatus = {
  readonly name: string
  readonly state: string
  readonly lag: number
  readonly rows: number
  /** What is missing, where something is. */
  readonly detail: string | null
}

/** A process of the platform. */
export type InstanceView = {
  readonly id: string
  /** What it runs: `all`, or one of its parts. */
  readonly part: string
  readonly uptimeSeconds: number
  readonly memoryBytes: number
}

/** The whole platform at a glance: what several processes run is added up. */
export type PlatformStatus = {
  readonly version: string
  readonly businessDate: string
  readonly businessTime: string
  /** Of the process that answers. */
  readonly uptimeSeconds: number
  readonly memoryBytes: number
  /** The process that answers, and the others that did. */
  readonly instances: readonly InstanceView[]
  readonly topologies: readonly TopologyStatus[]
  readonly connectors: readonly ConnectorStatus[]
  readonly sinks: readonly SinkStatus[]
}

/** One way to look at a topology. */
export type TopologyDrawing = { readonly svg: string; readonly mermaid: string; readonly text: string }

/** A record that was given up on. */
export type DeadLetterView = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly step: string
  readonly code: string
  readonly message: string
}

/** A key whose records wait because one of them failed. */
export type ParkedKeyView = {
  readonly key: string
  readonly records: number
  readonly code: string
  readonly message: string
}

/** What must hold of the books, in one currency. Amounts in minor units. */
export type InvariantStatus = {
  readonly name: string
  readonly currency: string
  readonly leftMinor: number
  readonly rightMinor: number
  /** 0 where it holds. */
  readonly differenceMinor: number
  /** Since when it differs (ISO 8601, real time); null where it holds. */
  readonly differsSince: string | null
}

/** The last check of the books. */
export type BooksStatus = {
  /** ISO 8601, real time; null before the first check. */
  readonly checkedAt: string | null
  /** Why the newest check could not be made. */
  readonly failure: string | null
  readonly unbalancedEntries: number
  readonly invariants: readonly InvariantStatus[]
}

/** The running platform, as an operator sees and steers it. */
export interface Operations {
  /** The names of the topologies. */
  readonly topologies: readonly string[]
  status(): Promise<PlatformStatus>
  /** The last check of what must hold of the books. */
  books(): BooksStatus
  /** Null where there is no such topology. */
  drawing(app: string): Promise<TopologyDrawing | null>
  deadLetters(app: string, limit: number): Promise<readonly DeadLetterView[]>
  parkedKeys(app: string): Promise<readonly ParkedKeyView[]>
  /** Processes the records of a parked key, in order. */
  replayKey(app: string, key: string): Promise<void>
  /** Lets the records of a parked key go for good; they stay in the dead letters. */
  discardKey(app: string, key: string): Promise<void>
}
