import { pagesOf } from './health.ts'
import { type Platform, startPlatform } from './platform.ts'
import { ProcessEnd } from './process-end.ts'
import { readSettings, settingsHelp } from './settings.ts'
import { wordsOf } from './start-error.ts'

/** `npm start`: the whole platform in this process, until Ctrl-C. */
async function main(): Promise<void> {
  const { settings, help, hints } = readSettings({ env: process.env, args: process.argv.slice(2) })
  if (help) {
    console.log(settingsHelp('npm start -- [flags]'))
    return
  }
  for (const hint of hints) console.warn(hint)
  const startedMs = performance.now()
  let platform: Platform | undefined
  const end = new ProcessEnd(async () => platform?.close())
  end.onSignals(() => 0, '\nStopping: what is under way is finished and committed.')
  platform = await startPlatform(settings, (error) => {
    // The others end with it, for the same reason.
    if (!end.begun) console.error(wordsOf(error))
    void end.withCode(1)
  })
  await announce(platform, performance.now() - startedMs)
}

async function announce(platform: Platform, ms: number): Promise<void> {
  const { server, operatorToken, isNewOperatorToken, clock, sinks, settings } = platform
  const pages = pagesOf(server.publicUrl)
  const lines = [
    `Fourfold is up after ${(ms / 1_000).toFixed(1)} s. Business date: ${clock.now().date}. Data: ${settings.DATA_DIR}`,
    '',
    `  Start here          ${pages.home}`,
    `  A shop              ${pages.shop}#token=${operatorToken}`,
    `  A consumer          ${pages.consumer}`,
    `  Operations          ${pages.operations}#token=${operatorToken}`,
    `  The API, to read    ${pages.api}`,
    '',
    isNewOperatorToken
      ? `The operator token was made just now and is kept in ${settings.DATA_DIR}/operator-token.`
      : `The operator token is kept in ${settings.DATA_DIR}/operator-token.`,
    ...(await sinks.status()).flatMap(({ name, problem }) => (problem === null ? [] : [`Sink ${name}: ${problem}`])),
    'Ctrl-C stops it; the data stays.',
  ]
  console.log(lines.join('\n'))
}

main().catch((error: unknown) => {
  console.error(wordsOf(error))
  process.exit(1)
})
