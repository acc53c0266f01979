const COUNT = new Intl.NumberFormat('en')
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const
const STEP = 1000

/** `12345` as `12,345`. */
export function formatCount(count: number): string {
  return COUNT.format(count)
}

/** A rate: whole from ten up, one decimal below. */
export function formatRate(perSecond: number): string {
  return COUNT.format(perSecond >= 10 ? Math.round(perSecond) : Math.round(perSecond * 10) / 10)
}

/** `1500000` as `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < STEP ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(STEP)))
  const value = bytes / STEP ** power
  const shown = value >= 100 || power === 0 ? Math.round(value) : Math.round(value * 10) / 10
  return `${COUNT.format(shown)} ${BYTE_UNITS[power]}`
}

/** `3 d 4 h`, `4 h 12 min`, `12 min`, `34 s`. */
export function formatUptime(seconds: number): string {
  const whole = Math.floor(seconds)
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min` : `${whole} s`
}

/** Milliseconds, as exact as it matters. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  return `${ms >= 10 ? Math.round(ms) : Math.round(ms * 10) / 10} ms`
}
