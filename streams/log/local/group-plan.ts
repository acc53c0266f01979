import { StreamsError } from '../../errors.ts'
import type { Assignor, AssignorMember, MemberAssignment, TopicPartition } from '../log.ts'

/** Who is to own what, by member id. */
export type GroupPlan = ReadonlyMap<string, MemberAssignment>

/** An assignor that may be asked on another thread, and then takes a while. */
export type AskedAssignor = {
  readonly name: string
  readonly assign: (
    ...asked: Parameters<Assignor['assign']>
  ) => ReturnType<Assignor['assign']> | Promise<ReturnType<Assignor['assign']>>
}

/** What a member gets of whom the assignor says nothing. */
export const NOTHING: MemberAssignment = { partitions: [], userData: null }

/** One text for a partition, to compare by. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** What is in `all` and not in `kept`. */
export function without(all: readonly TopicPartition[], kept: readonly TopicPartition[]): readonly TopicPartition[] {
  const names = new Set(kept.map(partitionName))
  return all.filter((one) => !names.has(partitionName(one)))
}

/**
 * Asks an assignor who owns what, and holds its answer to the rules: known members and partitions of topics they asked
 * for, no partition twice.
 * @throws StreamsError LOG_ASSIGNMENT_INVALID
 */
export async function planGroup(
  assignor: AskedAssignor,
  members: readonly AssignorMember[],
  partitionCount: (topic: string) => number,
): Promise<GroupPlan> {
  const topics = [...new Set(members.flatMap((member) => member.topics))].sort()
  const counts = new Map(topics.map((topic) => [topic, partitionCount(topic)]))
  const answer = await assignor.assign(members, counts)
  const owners = new Map<string, string>()
  const topicsOf = new Map(members.map((member) => [member.memberId, new Set(member.topics)]))
  for (const [memberId, { partitions }] of answer) {
    const asked = topicsOf.get(memberId)
    if (asked === undefined) throw invalid(assignor, `${memberId} is not a member`)
    for (const one of partitions) {
      const name = partitionName(one)
      const owner = owners.get(name)
      if (owner !== undefined) throw invalid(assignor, `${name} goes to ${owner} and to ${memberId}`)
      if (!asked.has(one.topic)) throw invalid(assignor, `${memberId} gets ${name} and has not asked for its topic`)
      if (one.partition < 0 || one.partition >= (counts.get(one.topic) ?? 0)) throw invalid(assignor, `no ${name}`)
      owners.set(name, memberId)
    }
  }
  return new Map(members.map(({ memberId }) => [memberId, answer.get(memberId) ?? NOTHING]))
}

function invalid(assignor: AskedAssignor, why: string): StreamsError {
  return new StreamsError(
    'LOG_ASSIGNMENT_INVALID',
    `The assignor ${assignor.name} gave an answer that cannot be used: ${why}. Correct the assignor.`,
  )
}
