import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StreamsError } from '../../errors.ts'
import { clusterIdAt } from './broker-answers.ts'
import { brokerCertificate } from './broker-certificate.ts'
import type { BrokerCertificate, BrokerPlace, KafkaBrokerOptions, Listener } from './broker-options.ts'
import { brokerProperties, scramArguments } from './broker-properties.ts'
import { freePorts, isPortFree } from './free-port.ts'
import { GuardedProcess } from './guarded-process.ts'
import { requireJava, runTool } from './java-tools.ts'
import { KAFKA_VERSION, kafkaJars } from './kafka-jars.ts'

const START_MS_MAX = 60_000
const STOP_MS_MAX = 20_000
/** The compiler does half of its work: what starts sooner so is slower in the long run. */
const QUICK = ['-XX:TieredStopAtLevel=1']

/** Where each listener of a broker is: `host:port`, or null where it was not asked for. */
export type BrokerAddresses = {
  readonly plain: string
  readonly behindProxy: string | null
  readonly sasl: string | null
  readonly tls: string | null
  readonly saslTls: string | null
}

/**
 * A real Apache Kafka on this machine without Docker: one process that is broker and controller (KRaft), with the jars
 * of Maven Central. It listens on 127.0.0.1 only and ends with the process that started it. `KafkaCluster` has several.
 */
export class KafkaBroker {
  readonly version: string
  readonly dataDir: string
  readonly addresses: BrokerAddresses
  /** What the broker says: warnings and errors. */
  readonly logFile: string
  /** What a TLS client has to trust, in PEM form; null without `tls`. */
  readonly ca: string | null
  readonly #command: readonly [java: string, ...args: string[]]
  readonly #removesData: boolean
  #process: GuardedProcess | null = null

  private constructor(setup: Setup, version: string, removesData: boolean) {
    const at = (name: Listener['name']) => {
      const listener = setup.listeners.find((one) => one.name === name)
      return listener === undefined ? null : `127.0.0.1:${listener.port}`
    }
    this.version = version
    this.dataDir = setup.dataDir
    this.addresses = {
      plain: at('PLAIN') ?? '',
      behindProxy: at('PROXIED'),
      sasl: at('SASL'),
      tls: at('TLS'),
      saslTls: at('SASLTLS'),
    }
    this.logFile = join(setup.dataDir, 'broker.log')
    this.ca = setup.certificate?.ca ?? null
    this.#command = setup.command
    this.#removesData = removesData
  }

  /**
   * Starts a broker and waits until it answers.
   * @throws StreamsError BROKER_TOOLS_MISSING without Java or Maven; BROKER_NOT_STARTED with the end of its log.
   */
  static async start(options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
    const version = options.version ?? KAFKA_VERSION
    const java = requireJava()
    const jars = await kafkaJars(version)
    const given = options.dataDir === undefined ? null : resolve(options.dataDir)
    const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'fourfold-kafka-')))
    try {
      const broker = new KafkaBroker(await prepare(java, jars, dataDir, options), version, given === null)
      await broker.startAgain()
      return broker
    } catch (error) {
      if (given === null) await rm(dataDir, { recursive: true, force: true })
      throw error
    }
  }

  get pid(): number | null {
    return this.isRunning ? (this.#process?.pid ?? null) : null
  }

  get isRunning(): boolean {
    return this.#process?.isRunning ?? false
  }

  /** Resolves when it is no longer running, for whatever reason. */
  async ended(): Promise<void> {
    await this.#process?.ended()
  }

  /** Starts it again on the same data and ports, after `halt` or `kill`. */
  async startAgain(): Promise<void> {
    if (this.isRunning) throw new Error('The broker runs already.')
    const [java, ...args] = this.#command
    const process = await GuardedProcess.start(java, args, this.logFile, this.dataDir)
    this.#process = process
    const deadline = performance.now() + START_MS_MAX
    const ownId = clusterIdIn(this.dataDir)
    while ((await clusterIdAt(this.addresses.plain)) !== ownId) {
      if (!process.isRunning || performance.now() > deadline) {
        process.signal('SIGKILL')
        throw new StreamsError(
          'BROKER_NOT_STARTED',
          await this.#failure(process.isRunning ? 'did not answer' : 'ended'),
        )
      }
      await sleep(50)
    }
  }

  /** Stops it and starts it again on the same data and ports. */
  async restart(): Promise<void> {
    await this.halt()
    await this.startAgain()
  }

  /** Stops it, as an operator would, and keeps its data. */
  async halt(): Promise<void> {
    this.resume()
    const process = this.#process
    process?.signal('SIGTERM')
    const ended = process?.ended()
    const inTime = await Promise.race([ended?.then(() => true), sleep(STOP_MS_MAX, false, { ref: false })])
    if (inTime === false) await this.kill()
  }

  /** Kills it with -9, as a crash would; what the machine has of its writes stays. */
  async kill(): Promise<void> {
    this.#process?.signal('SIGKILL')
    await this.#process?.ended()
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing is answered. */
  freeze(): void {
    this.#process?.signal('SIGSTOP')
  }

  /** Lets it go on after `freeze`. */
  resume(): void {
    this.#process?.signal('SIGCONT')
  }

  /** Stops it for good, and removes its data where the folder was its own. */
  async stop(): Promise<void> {
    await this.halt()
    if (this.#removesData) await rm(this.dataDir, { recursive: true, force: true })
  }

  async #failure(what: string): Promise<string> {
    const said = await readFile(this.logFile, 'utf8').catch(() => '')
    const end = said.trimEnd().split('\n').slice(-20).join('\n')
    return `The Kafka ${this.version} broker ${what} before it could be used. Its log (${this.logFile}) ends:\n${end}`
  }
}

type Setup = {
  readonly dataDir: string
  readonly listeners: readonly Listener[]
  readonly certificate: BrokerCertificate | null
  readonly command: readonly [java: string, ...args: string[]]
}

/** The id the data directory was formatted with: another broker that answers on the same port has another one. */
function clusterIdIn(dataDir: string): string {
  const text = readFileSync(join(dataDir, 'log', 'meta.properties'), 'utf8')
  return /^cluster.id=(.*)$/m.exec(text)?.[1] ?? ''
}

/** Writes the settings, and formats the data directory where that was not done yet. */
async function prepare(java: string, jars: string, dataDir: string, options: KafkaBrokerOptions): Promise<Setup> {
  await mkdir(dataDir, { recursive: true })
  const place = options.place ?? (await alone())
  const listeners = await chooseListeners(options, place)
  const certificate = options.tls ? await brokerCertificate(java, dataDir) : null
  const logDir = join(dataDir, 'log')
  const settings = join(dataDir, 'server.properties')
  const { saslUsers = [], properties = {}, heapMb = 512 } = options
  await writeFile(settings, brokerProperties({ listeners, logDir, saslUsers, certificate, place, properties }))
  const classPath = ['-cp', `${jars}/*`]
  if (!existsSync(join(logDir, 'meta.properties'))) {
    const format = ['format', '--cluster-id', place.clusterId, '--config', settings, ...scramArguments(saslUsers)]
    const quick = [...QUICK, '-Xmx128m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn']
    await runTool(java, [...quick, ...classPath, 'kafka.tools.StorageTool', ...format], dataDir)
  }
  return {
    dataDir,
    listeners,
    certificate,
    command: [
      java,
      ...jvmFlags(heapMb),
      ...(options.startsQuickly ? QUICK : []),
      ...classPath,
      'kafka.Kafka',
      settings,
    ],
  }
}

/** The place of a broker that is its whole cluster. */
async function alone(): Promise<BrokerPlace> {
  return { clusterId: newClusterId(), nodeId: 1, controllerPorts: await freePorts(1) }
}

/** An id that a data directory can be formatted with. */
export function newClusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, '0')
}

function jvmFlags(heapMb: number): string[] {
  const log = ['defaultLogLevel=warn', 'showDateTime=true', 'dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS']
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseG1GC',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.awt.headless=true',
    ...log.map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`),
  ]
}

async function chooseListeners(options: KafkaBrokerOptions, place: BrokerPlace): Promise<Listener[]> {
  const { port = 0, proxyPort, saslUsers = [], tls = false } = options
  const wanted: [Listener['name'], Listener['protocol']][] = [['PLAIN', 'PLAINTEXT']]
  if (proxyPort !== undefined) wanted.push(['PROXIED', 'PLAINTEXT'])
  if (saslUsers.length > 0) wanted.push(['SASL', 'SASL_PLAINTEXT'])
  if (tls) wanted.push(['TLS', 'SSL'])
  if (tls && saslUsers.length > 0) wanted.push(['SASLTLS', 'SASL_SSL'])
  if (port !== 0 && !(await isPortFree(port))) {
    throw new StreamsError(
      'BROKER_NOT_STARTED',
      `Port ${port} of 127.0.0.1 is in use; choose another one for the broker.`,
    )
  }
  const free = await freePorts(wanted.length)
  const listeners = wanted.map(([name, protocol], index): Listener => {
    const own = name === 'PLAIN' && port !== 0 ? port : (free[index] ?? 0)
    return { name, protocol, port: own, advertisedPort: name === 'PROXIED' ? (proxyPort ?? own) : own }
  })
  const controllerPort = place.controllerPorts[place.nodeId - 1] ?? 0
  const controller = { name: 'CONTROLLER', protocol: 'PLAINTEXT' } as const
  return [...listeners, { ...controller, port: controllerPort, advertisedPort: controllerPort }]
}
