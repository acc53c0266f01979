import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** What a worker is started with; all of it can be written as JSON. */
export type WorkerSettings = {
  readonly instanceId: string
  readonly brokers: readonly string[]
  readonly dataDir: string
  readonly partitions: number
  readonly sessionTimeoutMs: number
  readonly transactionTimeoutMs: number
  readonly transactions: 'classic' | 'kip-890' | 'mixed'
  /** How long it rests after it has fetched something, in milliseconds. */
  readonly restMs: number
}

/** A line that a worker says. */
export type WorkerEvent =
  | { readonly event: 'state'; readonly state: string }
  | { readonly event: 'rebuild' | 'recovery' | 'retry' | 'failure' | 'status'; readonly text: string }

/** What all workers have said, and how they ended, added up. */
export type WorkerCounts = {
  rebuilds: number
  recoveries: number
  retries: number
  /** How often each error ended an instance, by its code and first line. One that finds no broker ends at once. */
  readonly failures: Map<string, number>
}

/** A worker that is asked where it stands says it on this signal. */
export const ASK_STATUS = 'SIGUSR2'

/** How long a supervisor waits before it starts a worker again that has ended by itself. */
const RESTART_MS = 500

/**
 * One instance of the verified application, that is started again whenever it ends, as a supervisor would; its data
 * directory stays. What it does by itself (failures, rebuilt stores) is counted.
 */
export class Worker {
  readonly #settings: WorkerSettings
  readonly #counts: WorkerCounts
  readonly #trace: (line: string) => void
  #child: ChildProcess | null = null
  #ended: Promise<unknown> = Promise.resolve()
  #isExpectedToEnd = false
  #restarting: NodeJS.Timeout | undefined
  #isStopped = false
  #status = 'it has not said where it stands'

  constructor(settings: WorkerSettings, counts: WorkerCounts, trace: (line: string) => void) {
    this.#settings = settings
    this.#counts = counts
    this.#trace = trace
  }

  get instanceId(): string {
    return this.#settings.instanceId
  }

  start(): void {
    // Race: whoever is killed just after it ended by itself is started at once, and must not be a second time.
    clearTimeout(this.#restarting)
    const script = join(import.meta.dirname, 'worker.child.ts')
    const args = ['--no-warnings', script, JSON.stringify(this.#settings)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#isExpectedToEnd = false
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000)
    })
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(JSON.parse(line) as WorkerEvent))
    this.#ended = once(child, 'close').then(([code, signal]) => {
      if (this.#isExpectedToEnd) return
      const said = /^\w*Error: .*$/m.exec(errors)?.[0] ?? ''
      if (said !== '' || signal !== null) this.#fail(`ended by itself (${code ?? signal}) ${said}`)
      this.#restarting = setTimeout(() => {
        if (!this.#isStopped) this.start()
      }, RESTART_MS)
    })
  }

  /** kill -9, and a new start right after. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
    this.start()
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Asks it where it stands; `status` has the answer a moment later. */
  askStatus(): void {
    this.#child?.kill(ASK_STATUS)
  }

  /** What it has answered to `askStatus`. */
  get status(): string {
    return `${this.#settings.instanceId}: ${this.#status}`
  }

  /** Lets it end by itself: it hands its partitions over. Kills it where it does not within a time. */
  async stop(patienceMs = 30_000): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    this.resume()
    const late = setTimeout(() => {
      this.#fail(`did not end in ${patienceMs} ms after SIGTERM`)
      this.#child?.kill('SIGKILL')
    }, patienceMs)
    await this.#end('SIGTERM')
    clearTimeout(late)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isExpectedToEnd = true
    const running = this.#child?.exitCode === null && this.#child.signalCode === null
    if (running) this.#child?.kill(signal)
    await this.#ended
  }

  #hear(said: WorkerEvent): void {
    const text = 'text' in said ? said.text : said.state
    this.#trace(`${this.#settings.instanceId} ${said.event} ${text.split('\n')[0]}`)
    if (said.event === 'status') this.#status = text
    if (said.event === 'rebuild') this.#counts.rebuilds += 1
    if (said.event === 'recovery') this.#counts.recoveries += 1
    if (said.event === 'retry') this.#counts.retries += 1
    if (said.event === 'failure') this.#fail(text.split('\n')[0] ?? '')
  }

  #fail(why: string): void {
    // Ports differ from run to run.
    const kind = why.replace(/127\.0\.0\.1:\d+/g, 'the broker')
    this.#counts.failures.set(kind, (this.#counts.failures.get(kind) ?? 0) + 1)
    this.#trace(`${this.#settings.instanceId} ${why}`)
  }
}
