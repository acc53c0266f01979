import { heartbeatV4, joinGroupV9, leaveGroupV5, syncGroupV5 } from '@platformatic/kafka'
import { answerOf, errorName, NoAnswer, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import type { Cluster } from './cluster.ts'
import { Links } from './links.ts'

/** The embedding that Kafka's own consumers use, so that tools can read it. */
const PROTOCOL_TYPE = 'consumer'
/** An answer to JoinGroup comes when all have joined; so much longer than they may take. */
const GRACE_MS = 5_000

/** Who speaks: a member of a group, perhaps under a name that outlives restarts. */
export type GroupSpeaker = {
  readonly group: string
  readonly memberId: string
  readonly instanceId: string | null
}

/** What came of joining. */
export type Joined = {
  /** Kafka's name of the error; `NONE`. */
  readonly error: string
  readonly memberId: string
  readonly generation: number
  readonly isLeader: boolean
  /** The group goes on as it is: a leader that came back under its name must not assign again. */
  readonly skipsAssignment: boolean
  readonly members: readonly {
    readonly memberId: string
    readonly instanceId: string | null
    readonly metadata: Buffer
  }[]
}

/** The requests of one member of a group, each sent until its coordinator answers. */
export class GroupRequests {
  private readonly cluster: Cluster
  private readonly links: Links
  private readonly beats: Links

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.links = new Links(cluster.options, cluster.options.rebalanceTimeoutMs + GRACE_MS)
    // Beside the others, which may be long in answering.
    this.beats = new Links(cluster.options, cluster.options.sessionTimeoutMs)
  }

  async join({ group, memberId, instanceId }: GroupSpeaker, protocol: string, metadata: Buffer, reason: string) {
    const { sessionTimeoutMs, rebalanceTimeoutMs } = this.cluster.options
    const protocols = [{ name: protocol, metadata }]
    const answer = await this.until(group, this.links, async (link) => {
      return await answerOf(
        joinGroupV9.api.async(
          ...[
            link,
            group,
            sessionTimeoutMs,
            rebalanceTimeoutMs,
            memberId,
            instanceId,
            PROTOCOL_TYPE,
            protocols,
            reason,
          ],
        ),
      )
    })
    const joined: Joined = {
      error: errorName(answer.errorCode),
      memberId: answer.memberId,
      generation: answer.generationId,
      isLeader: answer.leader === answer.memberId,
      skipsAssignment: answer.skipAssignment,
      members: answer.members.map((one) => {
        return { memberId: one.memberId, instanceId: one.groupInstanceId ?? null, metadata: one.metadata as Buffer }
      }),
    }
    return joined
  }

  async sync(
    { group, memberId, instanceId }: GroupSpeaker,
    generation: number,
    protocol: string,
    assignments: { memberId: string; assignment: Buffer }[],
  ): Promise<{ readonly error: string; readonly assignment: Buffer }> {
    const answer = await this.until(group, this.links, async (link) => {
      return await answerOf(
        syncGroupV5.api.async(link, group, generation, memberId, instanceId, PROTOCOL_TYPE, protocol, assignments),
      )
    })
    return { error: errorName(answer.errorCode), assignment: answer.assignment }
  }

  /** One heartbeat; the error's name, or null where no answer came in time. */
  async beat({ group, memberId, instanceId }: GroupSpeaker, generation: number): Promise<string | null> {
    try {
      const link = await this.beats.to(await this.cluster.coordinator('group', group))
      const { errorCode } = await answerOf(heartbeatV4.api.async(link, group, generation, memberId, instanceId))
      const error = errorName(errorCode)
      this.cluster.hasMoved('group', group, error)
      return error
    } catch {
      this.cluster.forgetCoordinator('group', group)
      return null
    }
  }

  /** Leaves for good. Where the coordinator does not answer it finds out by itself, after the session's time. */
  async leave({ group, memberId, instanceId }: GroupSpeaker, reason: string): Promise<void> {
    try {
      const link = await this.beats.to(await this.cluster.coordinator('group', group))
      const members = [{ memberId, groupInstanceId: instanceId, reason }]
      await answerOf(leaveGroupV5.api.async(link, group, members))
    } catch {
      this.cluster.forgetCoordinator('group', group)
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.links.close(), this.beats.close()])
  }

  /** Asks until a coordinator has answered that is one. */
  private async until<T extends { errorCode: number }>(
    group: string,
    links: Links,
    ask: (link: Awaited<ReturnType<Links['to']>>) => Promise<T>,
  ): Promise<T> {
    const backoff = new Backoff({ firstMs: 20, maxMs: 1_000, totalMs: this.cluster.options.patienceMs })
    let trouble = ''
    do {
      try {
        const answer = await ask(await links.to(await this.cluster.coordinator('group', group)))
        trouble = errorName(answer.errorCode)
        if (!this.cluster.hasMoved('group', group, trouble)) return answer
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        trouble = error.message
        this.cluster.forgetCoordinator('group', group)
      }
    } while (await backoff.wait())
    throw refused(`membership of group ${group}`, trouble)
  }
}
