/** What a thread asks of the thread that has the log, and what it is asked in return as a member of groups. */
import type {
  AssignorMember,
  GroupDescription,
  GroupEpoch,
  LogCapabilities,
  MemberAssignment,
  Position,
  TopicPartition,
  TopicSpec,
} from '../log.ts'
import type { PackedFetch, PackedPositions } from './packed-fetch.ts'
import type { PackedReceipt, PackedTransaction } from './packed-transaction.ts'

/** A member, a producer: whoever opened it chose the number. */
export type Ref = number

/** What `LogHost` answers. The names are those of the log port; what holds records is packed. */
export type LogCalls = {
  readonly describe: [null, { readonly capabilities: LogCapabilities; readonly topics: readonly TopicSpec[] }]
  readonly createTopics: [readonly TopicSpec[], readonly TopicSpec[]]
  readonly topics: [null, readonly TopicSpec[]]
  readonly append: [PackedTransaction, readonly number[]]
  readonly openProducer: [{ readonly ref: Ref; readonly transactionalId: string }, null]
  readonly commit: [PackedTransaction & { readonly ref: Ref; readonly epoch: GroupEpoch | null }, PackedReceipt]
  readonly closeProducer: [Ref, null]
  readonly fetch: [PackedPositions & { readonly maxBytes: number; readonly maxWaitMs: number }, PackedFetch]
  readonly beginningOffsets: [readonly TopicPartition[], readonly Position[]]
  readonly endOffsets: [
    { readonly partitions: readonly TopicPartition[]; readonly pending: 'await' | 'ignore' },
    readonly Position[],
  ]
  readonly offsetsForTime: [
    { readonly partitions: readonly TopicPartition[]; readonly timestampMs: number },
    readonly Position[],
  ]
  readonly joinGroup: [JoinOrder, JoinedMember]
  readonly rejoin: [{ readonly ref: Ref; readonly reason: string }, null]
  readonly leave: [{ readonly ref: Ref; readonly keepsPlace: boolean }, null]
  readonly groups: [null, readonly GroupDescription[]]
  readonly committed: [{ readonly group: string; readonly partitions: readonly TopicPartition[] }, readonly Position[]]
  readonly resetPositions: [{ readonly group: string; readonly positions: readonly Position[] }, null]
  readonly maintain: [number, null]
}

/** Who joins: functions stay where they are and are called by `ref`. */
export type JoinOrder = {
  readonly ref: Ref
  readonly group: string
  readonly topics: readonly string[]
  readonly assignorName: string
  readonly instanceId: string | undefined
  readonly hasUserData: boolean
}

/** What a member is at the end of its join. */
export type JoinedMember = {
  readonly memberId: string
  readonly epoch: GroupEpoch
  readonly assigned: readonly TopicPartition[]
}

/** Bytes that were copied from thread to thread are no `Buffer` any more. */
export function asBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What a thread answers about its members. */
export type MemberCalls = {
  readonly assign: [
    {
      readonly ref: Ref
      readonly members: readonly AssignorMember[]
      readonly partitions: ReadonlyMap<string, number>
    },
    ReadonlyMap<string, MemberAssignment>,
  ]
  readonly userData: [Ref, Buffer]
  readonly assigned: [
    {
      readonly ref: Ref
      readonly partitions: readonly TopicPartition[]
      readonly epoch: GroupEpoch
      readonly userData: Buffer | null
    },
    null,
  ]
  readonly revoked: [{ readonly ref: Ref; readonly partitions: readonly TopicPartition[] }, null]
  readonly lost: [{ readonly ref: Ref; readonly partitions: readonly TopicPartition[] }, null]
}
