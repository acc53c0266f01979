import type { RestoreStatus } from '../api-types.ts'
import { formatBytes, formatCount, formatRate, formatUptime } from '../kit/quantities.ts'

/** How far a restore is: `62%, 12,300 records/s, 1.5 MB/s, 4 s left`. */
export function restoreText(restore: RestoreStatus): string {
  const { records, remaining } = restore
  const all = records + remaining
  const share = all === 0 ? 100 : Math.floor((records / all) * 100)
  return `${share}% of ${formatCount(all)}, ${paceText(restore)}`
}

/** How fast records come in, and how long it still takes. */
export function paceText({ recordsPerSecond, bytesPerSecond, msLeft }: RestoreStatus): string {
  const pace = `${formatRate(recordsPerSecond)} records/s, ${formatBytes(bytesPerSecond)}/s`
  return msLeft === null ? pace : `${pace}, ${formatUptime(Math.ceil(msLeft / 1_000))} left`
}
