/** Takes the settings out of a command line, and leaves the rest to the command. */
import { nearestSetting } from './settings-hints.ts'
import { flagOf, SETTINGS } from './settings-table.ts'

/** A command line taken apart. `values` is by setting name; `problems` are whole sentences. */
export type ReadFlags = {
  readonly values: ReadonlyMap<string, string>
  /** The flags of the command itself, with what stands behind them; empty for one that takes no value. */
  readonly own: ReadonlyMap<string, string>
  /** What is neither a flag nor the value of one. */
  readonly words: readonly string[]
  readonly help: boolean
  readonly problems: readonly string[]
}

/** A flag as it was found: nothing is behind it where `value` is undefined. */
type Found = { readonly flag: string; readonly value: string | undefined }

/**
 * Reads `--port 8080`, `--port=8080`, `--help`, `-h`. `ownFlags` are those of the command itself (`--limit`): those
 * that take a value are marked `true`.
 */
export function readFlags(args: readonly string[], ownFlags: Readonly<Record<string, boolean>> = {}): ReadFlags {
  const values = new Map<string, string>()
  const own = new Map<string, string>()
  const words: string[] = []
  const problems: string[] = []
  let help = false
  const keep = (into: Map<string, string>, name: string, { flag, value }: Found) => {
    // An empty one is a variable of a script that was not set: --data-dir "$DIR". Better asked than guessed.
    if (value === undefined || value === '') problems.push(`${flag} needs a value: ${flag} VALUE.`)
    else into.set(name, value)
  }
  const left = [...args]
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [flag, inline] = splitOnce(arg)
    const next = () => inline ?? (left[0]?.startsWith('--') ? undefined : left.shift())
    const setting = SETTINGS.find((candidate) => flagOf(candidate.name) === flag)
    if (flag === '--help' || flag === '-h') help = true
    else if (!flag.startsWith('-')) words.push(arg)
    else if (setting) keep(values, setting.name, { flag, value: next() })
    else if (!Object.hasOwn(ownFlags, flag)) {
      problems.push(unknownFlag(flag, Object.keys(ownFlags)))
      next()
    } else if (ownFlags[flag]) keep(own, flag, { flag, value: next() })
    else if (inline === undefined) own.set(flag, '')
    else problems.push(`${flag} takes no value.`)
  }
  return { values, own, words, help, problems }
}

function splitOnce(arg: string): [flag: string, value: string | undefined] {
  const at = arg.startsWith('--') ? arg.indexOf('=') : -1
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}

function unknownFlag(flag: string, others: readonly string[]): string {
  const meant = nearestSetting(flag.replace(/^-+/, '').replaceAll('-', '_').toUpperCase())
  if (meant) return `${flag} is not a flag. Did you mean ${flagOf(meant)}?`
  const own = others.length > 0 ? ` This command has ${others.join(', ')} and the settings.` : ''
  return `${flag} is not a flag.${own} --help lists them.`
}
