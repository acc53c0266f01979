import { BusinessClock } from '#connectors/clock/business-clock.ts'
import { dateToMs, msToDate } from '#domain/calendar.ts'
import { LogGaps } from '#streams'
import type { Closers } from './closers.ts'
import type { Foundation } from './foundation.ts'
import type { Hurry } from './hurry.ts'
import { hasSecondGateway } from './providers.ts'
import { readingGroups } from './reading-groups.ts'
import { comesToRest, type ReadingGroup } from './rest.ts'

/** Business time, and the waits for the platform to come to rest, wherever its parts run. */
export type OpenedClock = {
  readonly clock: BusinessClock
  /** Waits until nothing is on its way; false after `timeoutMs`. */
  settle(timeoutMs?: number): Promise<boolean>
}

const SETTLE_MS = 60_000

/**
 * Opens the clock: it ticks here, or follows the ticks of the process that does. Topologies that can be hurried from
 * here take no rests while they are waited for.
 */
export async function openClock(
  { settings, storage, schemas, topologies }: Foundation,
  hurry: Hurry,
  closers: Closers,
): Promise<OpenedClock> {
  const { log, instanceId } = storage
  // A topology that runs elsewhere may not have made its topics yet, and they are looked at for what is on its way.
  await log.createTopics([...topologies.values()].flatMap((topology) => topology.internalTopics()))
  const { money, notices } = readingGroups(topologies.values(), schemas, hasSecondGateway(settings))
  const gaps = new LogGaps(log)
  const settle = async (groups: readonly ReadingGroup[], timeoutMs: number) => {
    const calm = hurry(groups.map(({ group }) => group))
    try {
      return await comesToRest(log, groups, timeoutMs, gaps)
    } finally {
      calm()
    }
  }
  const clock = await BusinessClock.open({
    log,
    topic: schemas.topics.clock,
    mode: settings.CLOCK,
    startMs: settings.CLOCK === 'live' ? Date.now() : dateToMs(settings.CLOCK_START ?? msToDate(Date.now())),
    wallMs: Date.now,
    settle: () => settle(money, SETTLE_MS),
    instanceId: log.capabilities.crossProcess ? instanceId : undefined,
  })
  closers.add('the clock', () => clock.close())
  return {
    clock,
    settle: (timeoutMs = SETTLE_MS) => settle([...money, ...notices], timeoutMs),
  }
}
