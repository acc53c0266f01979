import { describe, expect, test } from 'vitest'
import { readSettings, SettingsError, settingsHelp, shownSettings } from './settings.ts'
import { flagOf, SETTINGS, type Setting } from './settings-table.ts'

function problemsOf(env: Record<string, string>, args: string[] = [], ownFlags: Record<string, boolean> = {}) {
  try {
    readSettings({ env, args, ownFlags })
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

describe('readSettings', () => {
  test('gives every default of the table to an empty environment', () => {
    const { settings, help, hints } = readSettings({ env: {} })
    for (const setting of SETTINGS) expect(settings[setting.name]).toBe(setting.default)
    expect(Object.keys(settings)).toHaveLength(SETTINGS.length)
    expect({ help, hints }).toEqual({ help: false, hints: [] })
  })

  test('reads each kind of value from the environment', () => {
    const { settings } = readSettings({
      env: {
        PORT: '9090',
        DATA_DIR: '/var/lib/fourfold',
        DATABASE_URL: 'postgres://user:pass@db:5432/fourfold',
        CLOCK: 'manual',
        CLOCK_START: '1997-01-01',
      },
    })
    expect(settings).toMatchObject({
      PORT: 9090,
      DATA_DIR: '/var/lib/fourfold',
      DATABASE_URL: 'postgres://user:pass@db:5432/fourfold',
      CLOCK: 'manual',
      CLOCK_START: '1997-01-01',
    })
  })

  test('lets a flag win over a variable, and a variable over the default of the command', () => {
    const source = { env: { PORT: '1', HOST: '0.0.0.0' }, args: ['--port', '2', '--durability=power'] }
    const { settings } = readSettings({ ...source, defaults: { HOST: '::1', DATA_DIR: './demo', PORT: 3 } })
    expect(settings).toMatchObject({ PORT: 2, HOST: '0.0.0.0', DATA_DIR: './demo', DURABILITY: 'power' })
  })

  test('takes an empty variable for one that is not set', () => {
    expect(readSettings({ env: { PORT: '', DATABASE_URL: '' } }).settings).toMatchObject({
      PORT: 8080,
      DATABASE_URL: null,
    })
  })

  test.each([
    [{ PORT: '80 80' }, 'PORT is "80 80": it must be a whole number from 0 to 65535.'],
    [{ PORT: '70000' }, 'PORT is "70000": it must be a whole number from 0 to 65535.'],
    [{ PORT: '-1' }, 'PORT is "-1": it must be a whole number from 0 to 65535.'],
    [{ PARTITIONS: '0' }, 'PARTITIONS is "0": it must be a whole number from 1 to 256.'],
    [{ CLOCK: 'fast' }, 'CLOCK is "fast": it must be one of live, manual.'],
    [{ CLOCK_START: '1997-02-30' }, 'CLOCK_START is "1997-02-30": it must be a date, YYYY-MM-DD.'],
    [
      { GATEWAY_URL: 'localhost' },
      'GATEWAY_URL is "localhost": it must be a URL that starts with http:// or https://.',
    ],
  ])('names the variable, its value and what is allowed: %j', (env, problem) => {
    expect(problemsOf(env as Record<string, string>)).toEqual([problem])
  })

  test('names all that is wrong at once', () => {
    expect(problemsOf({ PORT: 'x', CLOCK: 'y' })).toHaveLength(2)
  })

  test('does not show a secret in a message', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'mysql://user:hunter2@db/fourfold' })
    expect(problem).toContain('DATABASE_URL is (a secret, not shown): it must be a URL that starts with postgres://')
    expect(problem).not.toContain('hunter2')
  })

  test('names the flag where a flag was wrong', () => {
    expect(problemsOf({}, ['--port', 'high'])).toEqual(['--port is "high": it must be a whole number from 0 to 65535.'])
  })

  test.each([
    [['--prot', '1'], '--prot is not a flag. Did you mean --port?'],
    [['--colour'], '--colour is not a flag. --help lists them.'],
    [['--port'], '--port needs a value: --port VALUE.'],
    [['--port', '--host', 'x'], '--port needs a value: --port VALUE.'],
    [['--data-dir', ''], '--data-dir needs a value: --data-dir VALUE.'],
    [['--data-dir='], '--data-dir needs a value: --data-dir VALUE.'],
    [['credit'], 'credit is not a flag. --help lists them.'],
  ])('explains a flag it cannot read: %j', (args, problem) => {
    expect(problemsOf({}, args)[0]).toBe(problem)
  })

  test('complains of an unknown flag once, and not of its value too', () => {
    expect(problemsOf({}, ['--prot', '9000', '--colour=red', '--port', '1'])).toEqual([
      '--prot is not a flag. Did you mean --port?',
      '--colour is not a flag. --help lists them.',
    ])
  })

  test('gives a command its own flags with their values, and its words where it takes any', () => {
    const ownFlags = { '--limit': true, '--json': false }
    const args = ['reset', '--limit', '10', '--json', '--port', '1', 'credit', '--limit=7']
    const { own, words, settings } = readSettings({ env: {}, args, ownFlags, takesWords: true })
    expect({ own: [...own], words, port: settings.PORT }).toEqual({
      own: [
        ['--limit', '7'],
        ['--json', ''],
      ],
      words: ['reset', 'credit'],
      port: 1,
    })
    expect(problemsOf({}, ['--limit'], ownFlags)).toEqual(['--limit needs a value: --limit VALUE.'])
    expect(problemsOf({}, ['--json=yes'], ownFlags)).toEqual(['--json takes no value.'])
    expect(problemsOf({}, ['--lmt'], ownFlags)).toEqual([
      '--lmt is not a flag. This command has --limit, --json and the settings. --help lists them.',
    ])
  })

  test('answers a call for help whatever else is wrong', () => {
    expect(readSettings({ env: { PORT: 'x' }, args: ['-h'] }).help).toBe(true)
  })
})

describe('hints', () => {
  test.each([
    ['FOURFOLD_PORT', 'FOURFOLD_PORT is not a setting and is ignored. Did you mean PORT?'],
    ['DATABSE_URL', 'DATABSE_URL is not a setting and is ignored. Did you mean DATABASE_URL?'],
    ['FOURFOLD_COLOUR', 'FOURFOLD_COLOUR is not a setting and is ignored. Settings have no prefix; --help lists them.'],
  ])('tells what %s was probably meant to be', (name, hint) => {
    expect(readSettings({ env: { [name]: 'x' } }).hints).toEqual([hint])
  })

  test('leaves the variables of others alone', () => {
    const env = {
      PATH: '/bin',
      HOME: '/root',
      HOSTNAME: 'a',
      SHELL: 'sh',
      PWD: '/',
      LANG: 'C',
      TERM: 'x',
      NODE_ENV: 'y',
    }
    expect(readSettings({ env }).hints).toEqual([])
  })
})

describe('settingsHelp', () => {
  test('lists every setting with its default, and the options of the command', () => {
    const own = [['--limit N', 'Only the first N purchases.']] as const
    const help = settingsHelp('npm run demo -- [options]', own, { DATA_DIR: './demo' })
    for (const setting of SETTINGS as readonly Setting[]) {
      expect(help).toContain(flagOf(setting.name))
      expect(help).toContain(setting.description)
    }
    expect(help).toContain('default: 8080')
    expect(help).toContain('default: ./demo')
    expect(help).toContain('--limit N')
  })
})

describe('shownSettings', () => {
  test('hides secrets', () => {
    const { settings } = readSettings({ env: { ADMIN_TOKEN: 'hunter2', PORT: '1' } })
    const shown = shownSettings(settings)
    expect(shown).toMatchObject({ ADMIN_TOKEN: '(set)', DATABASE_URL: null, PORT: 1 })
    expect(JSON.stringify(shown)).not.toContain('hunter2')
  })
})
