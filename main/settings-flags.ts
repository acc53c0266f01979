/** Takes the settings out of a command line, and leaves the rest to the command. */
import { nearestSetting } from './settings-hints.ts'
import { flagOf, SETTINGS } from './settings-table.ts'

/** A command line taken apart. `values` is by setting name; `problems` are whole sentences. */
export type ReadFlags = {
  readonly values: ReadonlyMap<string, string>
  readonly help: boolean
  readonly problems: readonly string[]
}

/**
 * Reads `--port 8080`, `--port=8080`, `--help`, `-h`. `otherFlags` are those of the command itself (`--limit`), which
 * it reads on its own: those that take a value are marked `true`.
 */
export function readFlags(args: readonly string[], otherFlags: Readonly<Record<string, boolean>> = {}): ReadFlags {
  const values = new Map<string, string>()
  const problems: string[] = []
  let help = false
  for (let index = 0; index < args.length; index++) {
    const [flag, inline] = splitOnce(args[index] ?? '')
    const setting = SETTINGS.find((candidate) => flagOf(candidate.name) === flag)
    if (flag === '--help' || flag === '-h') help = true
    else if (Object.hasOwn(otherFlags, flag)) index += otherFlags[flag] && inline === undefined ? 1 : 0
    else if (!setting) problems.push(unknownFlag(flag, Object.keys(otherFlags)))
    else if (inline !== undefined) values.set(setting.name, inline)
    else {
      const next = args[index + 1]
      if (next === undefined || next.startsWith('--')) problems.push(`${flag} needs a value: ${flag} VALUE.`)
      else values.set(setting.name, args[++index] ?? '')
    }
  }
  return { values, help, problems }
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
