import { decodeTaggedJson, encodeTaggedJson, textsOf } from './tagged-json.ts'

/** A member that answers queries, and the tasks whose state it has. */
export type TaskHolder = {
  /** host:port */
  readonly address: string
  readonly active: readonly string[]
  readonly standbys: readonly string[]
}

/** What the assignor tells a member beside its partitions. */
export type AssignmentInfo = {
  /** The tasks that are the member's, also those that somebody else has yet to hand over. */
  readonly active: readonly string[]
  /** Tasks whose changelogs the member is to follow without running them. */
  readonly standbys: readonly string[]
  /**
   * Those of the standbys that become active here as soon as they have caught up: the member asks for a new assignment
   * then.
   */
  readonly warmUps: readonly string[]
  /** Every member that answers queries. */
  readonly holders: readonly TaskHolder[]
}

/** Of a group whose assignor says nothing. */
export const NO_INFO: AssignmentInfo = { active: [], standbys: [], warmUps: [], holders: [] }

/** What the assignor says, as bytes. */
export function encodeAssignmentInfo(info: AssignmentInfo): Buffer {
  return encodeTaggedJson(info)
}

/** What the assignor said; nothing where it said something else, as one of another version does. */
export function decodeAssignmentInfo(userData: Buffer | null): AssignmentInfo {
  const said = decodeTaggedJson(userData)
  if (said === null) return NO_INFO
  const holders: unknown[] = Array.isArray(said['holders']) ? said['holders'] : []
  return {
    active: textsOf(said['active']),
    standbys: textsOf(said['standbys']),
    warmUps: textsOf(said['warmUps']),
    holders: holders.flatMap((holder) => {
      const { address, active, standbys } = (holder ?? {}) as Record<string, unknown>
      return typeof address === 'string' ? [{ address, active: textsOf(active), standbys: textsOf(standbys) }] : []
    }),
  }
}
