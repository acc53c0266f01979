/**
 * Reads the settings of the platform (table: settings-table.ts) from the command line and the environment. A flag wins
 * over a variable, a variable over the default; an empty variable counts as not set.
 */
import { type ReadFlags, readFlags } from './settings-flags.ts'
import { environmentHints } from './settings-hints.ts'
import { flagOf, SETTINGS, type Setting, type SettingName, type Settings } from './settings-table.ts'
import { allowedValues, parseValue } from './settings-value.ts'
import { StartError } from './start-error.ts'

export type { SettingName, Settings } from './settings-table.ts'

/** The settings cannot be used. `problems` has one sentence for each that is wrong; the message is all of them. */
export class SettingsError extends StartError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('SETTINGS_INVALID', ['The settings cannot be used (--help lists them all):', ...problems].join('\n  '))
    this.name = 'SettingsError'
    this.problems = problems
  }
}

/** Where settings come from, and what the command wants to be different. */
export type SettingsSource = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The arguments behind the script's name. */
  readonly args?: readonly string[]
  /** Flags of the command itself; true where one takes a value. */
  readonly ownFlags?: Readonly<Record<string, boolean>>
  /** True for a command that takes words: `reset credit`. */
  readonly takesWords?: boolean
  /** Defaults of this command where they differ from the table's: the demo has its own data folder. */
  readonly defaults?: Partial<Settings>
}

/** What was read. `help` is true where help was asked for; `hints` are worth printing, and no errors. */
export type ReadSettings = Pick<ReadFlags, 'own' | 'words' | 'help'> & {
  readonly settings: Settings
  readonly hints: readonly string[]
}

/** Reads and checks all settings. Throws a SettingsError that names everything that is wrong at once. */
export function readSettings(source: SettingsSource): ReadSettings {
  const flags = readFlags(source.args ?? [], source.ownFlags)
  const { own, words, help } = flags
  const problems = [...flags.problems]
  if (!source.takesWords) problems.push(...words.map((word) => `${word} is not a flag. --help lists them.`))
  const settings: Partial<Record<SettingName, string | number | null>> = {}
  for (const setting of SETTINGS) {
    const flag = flags.values.get(setting.name)
    const text = flag ?? source.env[setting.name] ?? ''
    const fallback = source.defaults?.[setting.name] ?? setting.default
    settings[setting.name] = fallback
    if (text === '') continue
    const read = readOne(setting, text, flag === undefined ? setting.name : flagOf(setting.name))
    if ('problem' in read) problems.push(read.problem)
    else settings[setting.name] = read.value
  }
  if (problems.length > 0 && !help) throw new SettingsError(problems)
  // Every name of the table was filled above, and parseValue gives what the table's type says.
  return { settings: settings as Settings, own, words, help, hints: environmentHints(Object.keys(source.env)) }
}

function readOne(setting: Setting, text: string, saidAs: string): { value: string | number } | { problem: string } {
  const parsed = parseValue(setting.type, text)
  if ('value' in parsed) return parsed
  const shown = setting.secret ? '(a secret, not shown)' : JSON.stringify(text)
  return { problem: `${saidAs} is ${shown}: it ${parsed.problem}.` }
}

/** Wide enough for the longest flag and a blank. */
const FLAG_COLUMN = 29

/** The text of `--help`: usage, the command's own options, then every setting with its default in this command. */
export function settingsHelp(
  usage: string,
  ownOptions: readonly (readonly [flag: string, text: string])[] = [],
  defaults: Partial<Settings> = {},
): string {
  const lines = [`Usage: ${usage}`, '']
  if (ownOptions.length > 0) {
    lines.push('Options', ...ownOptions.map(([flag, text]) => `  ${flag.padEnd(FLAG_COLUMN)}${text}`), '')
  }
  lines.push(
    'Settings: as a flag, or as an environment variable of the same name in capitals (--data-dir is DATA_DIR).',
  )
  let group = ''
  for (const setting of SETTINGS as readonly Setting[]) {
    if (setting.group !== group) lines.push('', setting.group)
    group = setting.group
    lines.push(...helpOf(setting, defaults[setting.name as SettingName] ?? setting.default))
  }
  return lines.join('\n')
}

function helpOf(setting: Setting, usual: string | number | null): string[] {
  const fallback = usual ?? 'not set'
  const text = `  ${flagOf(setting.name).padEnd(FLAG_COLUMN)}${setting.description}`
  const values = `${' '.repeat(FLAG_COLUMN + 2)}${allowedValues(setting.type)}; default: ${fallback}`
  return [text, values]
}

/** The settings as they may be shown: secrets hidden. For the first lines of a start and for a bug report. */
export function shownSettings(settings: Settings): Record<string, string | number | null> {
  const rows = (SETTINGS as readonly Setting[]).map((setting) => {
    const value = settings[setting.name as SettingName]
    return [setting.name, setting.secret && value !== null ? '(set)' : value] as const
  })
  return Object.fromEntries(rows)
}
