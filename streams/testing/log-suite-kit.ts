import { expect } from 'vitest'
import { isStreamsError } from '../errors.ts'
import type {
  Assignor,
  GroupEpoch,
  GroupMember,
  JoinGroupOptions,
  Log,
  LogRecord,
  ProducerRecord,
  TopicPartition,
  TopicSpec,
} from '../log/log.ts'
import type { CommitFault } from '../log/memory/log-faults.ts'

/** A log under test. */
export type LogUnderTest = {
  readonly log: Log
  /** Closes the log and opens the same contents again; left out by logs that keep nothing. */
  readonly reopen?: () => Promise<Log>
  /** Lets a fault befall the next commit; left out where none can be injected. */
  readonly failNextCommit?: (fault: CommitFault) => void
  /** Takes a member out of its group without a hand-over; left out where that cannot be done. */
  readonly expelMember?: (group: string, memberId: string) => Promise<void>
  /** Removes what the tests left behind. The suite has closed the log before. */
  readonly remove: () => Promise<void>
}

/** What an adapter has beyond the port. */
export type LogFeatures = {
  /** Its contents outlive a close: `reopen` is there. */
  readonly persistent: boolean
  /** `maintain` lets go of records; false for adapters whose broker does that in its own time. */
  readonly maintains: boolean
  /** Faults can be injected: `failNextCommit` is there. */
  readonly faults: boolean
  /** Members can be expelled: `expelMember` is there. */
  readonly expels: boolean
  /** A record of so many bytes is refused. */
  readonly refusedRecordBytes: number
}

/** What the parts of the suite share: the log of the moment, and shorter words. */
export type LogKit = {
  readonly features: LogFeatures
  log(): Log
  under(): LogUnderTest
  reopen(): Promise<void>
  /** A name that no other test has, here or in an earlier run against the same broker. */
  name(what: string): string
  /** Makes a topic and gives its name. */
  topic(partitions?: number, spec?: Partial<TopicSpec>): Promise<string>
  /** All records of a partition from an offset on. */
  read(topic: string, partition?: number, from?: number): Promise<LogRecord[]>
  /** The values of a partition as texts. */
  values(topic: string, partition?: number, from?: number): Promise<(string | null)[]>
  end(topic: string, partition?: number): Promise<number>
  /** A member that spreads partitions evenly, keeps what it can, and writes down what it is told. */
  join(group: string, topics: readonly string[], more?: Partial<JoinGroupOptions>): Promise<ToldMember>
}

/** A member of a group, and what it was told. */
export type ToldMember = {
  readonly member: GroupMember
  readonly told: string[]
  /** Every epoch it was given, in order. */
  readonly epochs: GroupEpoch[]
  owns(): string[]
}

/** A record of partition 0 without a key, unless `more` says otherwise. */
export function record(topic: string, value: string | null, more: Partial<ProducerRecord> = {}): ProducerRecord {
  return {
    topic,
    partition: 0,
    timestampMs: 1_700_000_000_000,
    key: null,
    value: value === null ? null : Buffer.from(value),
    ...more,
  }
}

/** Fails unless the promise is rejected with a StreamsError of this code; answers with the error. */
export async function expectCode(promise: Promise<unknown>, code: string): Promise<Error> {
  const outcome = await promise.then(
    () => 'it went well',
    (error: unknown) => error,
  )
  if (!isStreamsError(outcome, code)) expect.fail(`expected ${code}, but: ${String(outcome)}`)
  return outcome
}

/** Waits until a condition holds, however an adapter gets there. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, msMax = 15_000): Promise<void> {
  const deadline = performance.now() + msMax
  while (!(await holds())) {
    if (performance.now() > deadline) expect.fail(`not within ${msMax} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Waits so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function names(partitions: readonly TopicPartition[]): string[] {
  return partitions.map(({ partition }) => String(partition)).sort()
}

/** As even as can be, moving as few as can be: each keeps what it has up to its share. */
export const evenAssignor: Assignor = {
  name: 'even',
  assign: (members, counts) => {
    const all = [...counts].flatMap(([topic, count]) => {
      return Array.from({ length: count }, (_, partition) => ({ topic, partition }))
    })
    const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    const share = Math.ceil(all.length / sorted.length)
    const free = new Map(all.map((one) => [`${one.topic}/${one.partition}`, one]))
    const plan = new Map<string, TopicPartition[]>()
    for (const { memberId, owned } of sorted) {
      const kept = owned.filter((one) => free.has(`${one.topic}/${one.partition}`)).slice(0, share)
      for (const one of kept) free.delete(`${one.topic}/${one.partition}`)
      plan.set(memberId, kept)
    }
    for (const one of free.values()) {
      const poorest = [...plan.values()].sort((a, b) => a.length - b.length)[0]
      poorest?.push(one)
    }
    return new Map([...plan].map(([memberId, partitions]) => [memberId, { partitions, userData: null }]))
  },
}

/** The kit for the log that `under` gives at the moment of each call. */
export function logKit(features: LogFeatures, under: () => LogUnderTest, reopen: () => Promise<void>): LogKit {
  const run = `${Date.now().toString(36)}${process.pid.toString(36)}`
  let named = 0
  const name = (what: string) => `${what}-${run}-${++named}`
  const log = () => under().log
  const read = async (topic: string, partition = 0, from?: number) => {
    const [begin] = await log().beginningOffsets([{ topic, partition }])
    const [end] = await log().endOffsets([{ topic, partition }])
    const records: LogRecord[] = []
    let offset = from ?? begin?.offset ?? 0
    while (offset < (end?.offset ?? 0)) {
      const fetched = await log().fetch({
        positions: [{ topic, partition, offset }],
        maxBytes: 1 << 20,
        maxWaitMs: 100,
      })
      records.push(...(fetched[0]?.records ?? []))
      offset = fetched[0]?.nextOffset ?? offset
    }
    return records
  }
  return {
    features,
    log,
    under,
    reopen,
    name,
    read,
    topic: async (partitions = 1, spec = {}) => {
      const topic = name('topic')
      await log().createTopics([{ name: topic, partitions, cleanup: 'delete', retentionMs: -1, ...spec }])
      return topic
    },
    values: async (topic, partition, from) => {
      return (await read(topic, partition, from)).map(({ value }) => value?.toString() ?? null)
    },
    end: async (topic, partition = 0) => (await log().endOffsets([{ topic, partition }]))[0]?.offset ?? -1,
    join: (group, topics, more) => joinAndListen(log(), group, topics, more),
  }
}

async function joinAndListen(
  log: Log,
  group: string,
  topics: readonly string[],
  more: Partial<JoinGroupOptions> = {},
): Promise<ToldMember> {
  const told: string[] = []
  const epochs: GroupEpoch[] = []
  const member = await log.joinGroup({
    group,
    topics,
    assignor: evenAssignor,
    ...more,
    onAssigned: async (assigned, epoch, userData) => {
      told.push(`assigned ${names(assigned)}`)
      epochs.push(epoch)
      await more.onAssigned?.(assigned, epoch, userData)
    },
    onRevoked: async (revoked) => {
      told.push(`revoked ${names(revoked)}`)
      await more.onRevoked?.(revoked)
    },
    onLost: async (lost) => {
      told.push(`lost ${names(lost)}`)
      await more.onLost?.(lost)
    },
  })
  return { member, told, epochs, owns: () => names(member.assigned()) }
}
