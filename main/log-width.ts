import type { Log } from '#streams'
import type { Settings } from './settings.ts'

/** Every log of the platform has it, and it is as wide as all topics that are keyed by consumer. */
const CLOCK = 'clock'

/** The settings with the partition count that a log has already: a tool looks at what is there. */
export async function asInLog(settings: Settings, log: Log): Promise<Settings> {
  const clock = (await log.topics()).find(({ name }) => name === CLOCK)
  return clock === undefined ? settings : { ...settings, PARTITIONS: clock.partitions }
}
