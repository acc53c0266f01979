import { LOCAL_LOG_DEFAULTS, LocalLog, type LocalLogOptions, type ShareableLog } from '../local/local-log.ts'
import { type LogFaults, withFaults } from './log-faults.ts'
import { MemoryStorage } from './memory-storage.ts'

/** How a log in memory behaves; all of it has defaults. */
export type MemoryLogOptions = Partial<Omit<LocalLogOptions, 'tailBytesMax' | 'writeBytesMax'>> & {
  /** What befalls commits, appends and fetches. */
  readonly faults?: LogFaults
}

/** The log in memory, with a door that only tests and simulations use. */
export type MemoryLog = ShareableLog & {
  /** Takes a member out of its group without a hand-over, as a broker does with one it no longer hears of. */
  expelMember(group: string, memberId: string): Promise<void>
}

/** A log in memory, for tests and simulation. It has every rule of the others and keeps nothing. */
export function memoryLog({ faults = {}, ...options }: MemoryLogOptions = {}): MemoryLog {
  // Its storage is as near as its tail, so it has none: a record is kept once.
  const log = new LocalLog(new MemoryStorage(), { ...LOCAL_LOG_DEFAULTS, ...options, tailBytesMax: 0 })
  return withFaults<MemoryLog>(log, faults)
}
