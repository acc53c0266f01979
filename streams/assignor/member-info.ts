import { decodeTaggedJson, encodeTaggedJson, textsOf } from './tagged-json.ts'

/** How far the state that a member has of a task is behind, or would be if it started from nothing. */
export type TaskLag = {
  /** Changelog records between what the member has and the end, over all stores of the task. */
  readonly lag: number
  /** True where the member has some of the state already. */
  readonly isHeld: boolean
}

/** What a member tells the assignor. */
export type MemberInfo = {
  /** Where the others reach it for queries, host:port; null where it answers none. */
  readonly address: string | null
  /** By task id; a task that is not named is taken to be as far behind as can be. */
  readonly lags: ReadonlyMap<string, TaskLag>
  /** The tasks it keeps as standbys now. */
  readonly standbys: readonly string[]
  /**
   * The tasks that the last assignment gave it, also those that it has not got yet: on Kafka a task that moves is taken
   * in one round and given in the next, and between the two nobody owns it.
   */
  readonly promised: readonly string[]
}

/** A member of which nothing is known. */
export const UNKNOWN_MEMBER: MemberInfo = { address: null, lags: new Map(), standbys: [], promised: [] }

/** What a member says, as bytes. */
export function encodeMemberInfo({ address, lags, standbys, promised }: MemberInfo): Buffer {
  const sorted = [...lags].sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = sorted.map(([id, { lag, isHeld }]) => [id, lag, isHeld ? 1 : 0])
  return encodeTaggedJson({ address, lags: rows, standbys: [...standbys].sort(), promised: [...promised].sort() })
}

/** What a member said; nothing where it said something else: that is a hint, and never worth a failure. */
export function decodeMemberInfo(userData: Buffer | null): MemberInfo {
  const said = decodeTaggedJson(userData)
  if (said === null) return UNKNOWN_MEMBER
  const rows = Array.isArray(said['lags']) ? said['lags'].filter(isLagRow) : []
  return {
    address: typeof said['address'] === 'string' ? said['address'] : null,
    lags: new Map(rows.map(([id, lag, held]) => [id, { lag, isHeld: held === 1 }])),
    standbys: textsOf(said['standbys']),
    promised: textsOf(said['promised']),
  }
}

type LagRow = readonly [id: string, lag: number, held: number]

function isLagRow(row: unknown): row is LagRow {
  return Array.isArray(row) && typeof row[0] === 'string' && Number.isFinite(row[1]) && row[1] >= 0
}
