import { type Connection, describeGroupsV5, listGroupsV4, offsetCommitV8, offsetFetchV8 } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { GroupDescription, Position, TopicPartition } from '../log.ts'
import { answerOf, errorName, NoAnswer, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import { byTopic } from './by-topic.ts'
import type { Cluster } from './cluster.ts'
import { decodeAssignment } from './group-protocol.ts'

/** Answers after which the same question is asked again. */
const AGAIN = new Set(['UNSTABLE_OFFSET_COMMIT', 'REQUEST_TIMED_OUT', 'CONCURRENT_TRANSACTIONS'])
/** A group with members refuses positions from outside with one of these. */
const ACTIVE = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS', 'NON_EMPTY_GROUP'])

/** Groups seen from outside: their positions and who is in them. */
export class GroupAdmin {
  private readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /**
   * The committed positions, read when no transaction on them is pending (*require stable*): a new owner that read
   * earlier could miss what the old one had on its way, and do it twice.
   */
  async committed(group: string, partitions: readonly TopicPartition[]): Promise<Position[]> {
    for (const one of partitions) this.cluster.assertKnown(one)
    if (partitions.length === 0) return []
    const topics = byTopic(partitions).map(([name, list]) => ({
      name,
      partitionIndexes: list.map((one) => one.partition),
    }))
    const positions: Position[] = []
    await this.ask(group, `the positions of group ${group}`, async (link) => {
      positions.length = 0
      const { groups } = await answerOf(
        offsetFetchV8.api.async(link, [{ groupId: group, memberEpoch: -1, topics }], true),
      )
      const [found] = groups
      const codes = [found?.errorCode ?? 0]
      for (const { name: topic, partitions: list } of found?.topics ?? []) {
        for (const { partitionIndex: partition, committedOffset, errorCode } of list) {
          codes.push(errorCode)
          if (committedOffset >= 0n) positions.push({ topic, partition, offset: Number(committedOffset) })
        }
      }
      return codes
    })
    const order = new Map(partitions.map(({ topic, partition }, index) => [`${topic}/${partition}`, index]))
    const place = ({ topic, partition }: Position) => order.get(`${topic}/${partition}`) ?? 0
    return positions.sort((a, b) => place(a) - place(b))
  }

  /** @throws StreamsError LOG_GROUP_ACTIVE */
  async reset(group: string, positions: readonly Position[]): Promise<void> {
    for (const one of positions) this.cluster.assertKnown(one)
    if (positions.length === 0) return
    const topics = byTopic(positions).map(([name, list]) => ({
      name,
      partitions: list.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }))
    await this.ask(group, `new positions for group ${group}`, async (link) => {
      const answer = await answerOf(offsetCommitV8.api.async(link, group, -1, '', null, topics))
      return answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))
    })
  }

  /** All groups of all brokers. */
  async list(): Promise<GroupDescription[]> {
    const names = new Set<string>()
    await this.cluster.refresh()
    for (const node of this.cluster.nodes()) {
      const link = await this.cluster.broker(node)
      const { groups } = await answerOf(listGroupsV4.api.async(link, [], []))
      for (const { groupId } of groups) names.add(groupId)
    }
    return await Promise.all([...names].sort().map((name) => this.describe(name)))
  }

  private async describe(group: string): Promise<GroupDescription> {
    let described: GroupDescription = { group, generation: 0, members: [] }
    await this.ask(group, `to describe group ${group}`, async (link) => {
      const { groups } = await answerOf(describeGroupsV5.api.async(link, [group], false))
      const [found] = groups
      const given = (found?.members ?? []).map(({ memberId, memberAssignment }) => {
        return { memberId, ...(isOurs(found?.protocolType) ? decodeAssignment(memberAssignment) : NOTHING) }
      })
      described = {
        group,
        generation: Math.max(0, ...given.map(({ generation }) => generation)),
        members: given.map(({ memberId, partitions }) => ({ memberId, assigned: partitions })),
      }
      return [found?.errorCode ?? 0]
    })
    return described
  }

  /** Asks the group's coordinator until it has an answer without trouble. `step` gives the error codes of one try. */
  private async ask(
    group: string,
    what: string,
    step: (link: Connection) => Promise<readonly number[]>,
  ): Promise<void> {
    const backoff = new Backoff({ firstMs: 5, maxMs: 200, totalMs: this.cluster.options.patienceMs })
    let trouble: string
    do {
      try {
        const errors = (await step(await this.cluster.coordinatorLink('group', group))).map(errorName)
        const error = errors.find((name) => name !== 'NONE')
        // A group nobody has heard of has no positions and no members.
        if (error === undefined || error === 'GROUP_ID_NOT_FOUND') return
        if (ACTIVE.has(error)) throw groupActive(group)
        if (!this.cluster.hasMoved('group', group, error) && !AGAIN.has(error)) throw refused(what, error)
        trouble = error
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        this.cluster.forgetCoordinator('group', group)
        trouble = error.message
      }
    } while (await backoff.wait())
    throw refused(what, trouble)
  }
}

const NOTHING = { partitions: [], generation: 0 }

function isOurs(protocolType: string | undefined): boolean {
  return protocolType === 'consumer'
}

function groupActive(group: string): StreamsError {
  const message =
    `Group ${group} has members, so its positions cannot be moved. Stop them first; one that was killed, or kept its ` +
    'place when it was stopped, counts until its session is over (10 s, where nothing else is set).'
  return new StreamsError('LOG_GROUP_ACTIVE', message)
}
