/**
 * `npm run kafka`: a real Apache Kafka on this machine, without Docker, for as long as the command runs. It needs
 * Java 17 and, the first time, Maven. The data stays where it is for the next start.
 */
import { parseArgs } from 'node:util'
import { isStreamsError } from '#streams'
import { KafkaBroker, KEEPS_MARKERS, losesMarkers } from '#streams/testing/kafka-broker'

const HELP = `npm run kafka -- [flags]
  --port PORT         of the broker on 127.0.0.1 (9092)
  --data-dir FOLDER   where topics and offsets are kept (.fourfold/kafka)
  --version VERSION   of Apache Kafka, as in Maven Central (${KEEPS_MARKERS}, the newest that is safe to restart alone)`

type Flags = { readonly port: number; readonly dataDir: string; readonly version: string }

/** Null where only help was asked for. @throws Error that says what is wrong with a flag. */
function readFlags(): Flags | null {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9092' },
      'data-dir': { type: 'string', default: '.fourfold/kafka' },
      version: { type: 'string', default: KEEPS_MARKERS },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port is a number from 1 to 65535, and not ${JSON.stringify(values.port)}.`)
  }
  return { port, dataDir: values['data-dir'], version: values.version }
}

async function main(): Promise<void> {
  const flags = readFlags()
  if (flags === null) return console.log(HELP)
  if (losesMarkers(flags.version)) {
    const why = 'can lose markers of transactions when its only broker starts again (KAFKA-20734)'
    console.log(`Apache Kafka ${flags.version} ${why}: for data you want to keep take ${KEEPS_MARKERS}.`)
  }
  console.log(`Starting Apache Kafka ${flags.version} …`)
  const broker = await KafkaBroker.start(flags)
  // Before the first word: whoever reads that it runs may stop it at once.
  const over = Promise.race([asked('SIGINT'), asked('SIGTERM'), broker.ended().then(() => null)])
  console.log(`It answers on ${broker.addresses.plain}; data and log are in ${broker.dataDir}.`)
  console.log(`Use it:  KAFKA_BROKERS=${broker.addresses.plain} npm start`)
  console.log('Ctrl-C stops it.')
  const signal = await over
  if (signal === null) throw new Error(`The broker ended by itself; its log is ${broker.logFile}.`)
  console.log('Stopping …')
  await broker.stop()
}

/** Once is enough, and more does no harm: npm passes on a Ctrl-C that the terminal has sent to us as well. */
function asked(signal: NodeJS.Signals): Promise<NodeJS.Signals> {
  return new Promise((resolve) => process.on(signal, resolve))
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (error instanceof Error && 'code' in error && !isStreamsError(error)) console.error(HELP)
  process.exitCode = 1
}
