/** Finds what somebody probably meant: a setting whose name is almost the one that was given. */
import { SETTINGS } from './settings-table.ts'

const PREFIX = 'FOURFOLD_'

/**
 * Messages about environment variables that are no settings but look like one: `FOURFOLD_PORT`, `DATABSE_URL`. Hints,
 * not errors: the environment also holds what others put there (Kubernetes sets `FOURFOLD_PORT=tcp://…` for a service
 * of that name).
 */
export function environmentHints(names: readonly string[]): string[] {
  const hints: string[] = []
  for (const name of names) {
    if (SETTINGS.some((setting) => setting.name === name)) continue
    const bare = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
    const meant = nearestSetting(bare)
    if (meant && (bare !== name || name.includes('_'))) {
      hints.push(`${name} is not a setting and is ignored. Did you mean ${meant}?`)
    } else if (bare !== name) {
      hints.push(`${name} is not a setting and is ignored. Settings have no prefix; --help lists them.`)
    }
  }
  return hints
}

/** The setting whose name is at most two edits away from `name`, if there is one. */
export function nearestSetting(name: string): string | undefined {
  const ranked = SETTINGS.map((setting) => ({ name: setting.name, edits: editDistance(setting.name, name) }))
  const best = ranked.reduce((left, right) => (right.edits < left.edits ? right : left))
  return best.edits <= 2 ? best.name : undefined
}

/** Levenshtein distance: how many letters must be added, removed or changed. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1
      const above = (previous[column] ?? 0) + 1
      const before = (current[column - 1] ?? 0) + 1
      current.push(Math.min(above, before, (previous[column - 1] ?? 0) + change))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
