import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { platformFlags } from '../node-flags.ts'
import { cpuSecondsOf } from '../process-cpu.ts'

/** One of the two that are compared. */
export type Side = 'ours' | 'kafkaStreams'

/** What a worker of either side is told. */
export type WorkerOptions = {
  readonly brokers: readonly string[]
  readonly application: string
  readonly instance: string
  readonly folder: string
  readonly input: string
  readonly output: string
  readonly partitions: number
  /** After how long the group counts a member as gone; each side's default where it is left out. */
  readonly sessionTimeoutMs?: number
}

/** What a worker says; `atMs` is by the clock of this machine. */
type Line = { readonly event: string; readonly atMs: number }

const START_MS_MAX = 180_000

/** A worker of one side as a process, and what it uses. Reads `/proc`, so Linux only. */
export class Contender {
  readonly instance: string
  readonly #child: ChildProcess
  readonly #lines: Line[] = []
  readonly #ended: Promise<(number | string | null)[]>
  /** Rejects where it ends and nobody asked it to. */
  readonly failure: Promise<never>
  #errors = ''
  #isAskedToEnd = false
  #told = () => {}

  private constructor(instance: string, child: ChildProcess) {
    this.instance = instance
    this.#child = child
    this.#ended = once(child, 'close')
    this.failure = this.#ended.then(([code, signal]: (number | string | null)[]) => {
      if (this.#isAskedToEnd) return new Promise<never>(() => {})
      throw new Error(`The worker ${instance} ended by itself (${code ?? signal}):\n${this.#errors}`)
    })
    this.failure.catch(() => {})
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000)
    })
    if (child.stdout === null) throw new Error('A worker needs an output to be heard by.')
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(JSON.parse(line) as Line)
      this.#told()
    })
  }

  /** @param java the command of the Java worker, from `compileJavaWorker` */
  static async start(side: Side, java: readonly string[], options: WorkerOptions): Promise<Contender> {
    await mkdir(options.folder, { recursive: true })
    const [command = '', ...args] = side === 'ours' ? ourCommand(options) : [...java, ...javaArguments(options)]
    return new Contender(options.instance, spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }))
  }

  /** Waits for the first thing of this name that it says, and gives its time. @throws Error where it ends before. */
  async says(event: string): Promise<number> {
    const deadline = Date.now() + START_MS_MAX
    for (;;) {
      const line = this.#lines.find((one) => one.event === event)
      if (line !== undefined) return line.atMs
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || Date.now() > deadline) {
        const said = this.#lines.map((one) => one.event).join(', ')
        throw new Error(`${this.instance} did not say ${event} (it said: ${said}).\n${this.#errors}`)
      }
      await new Promise<void>((resolve) => {
        this.#told = resolve
        setTimeout(resolve, 200)
      })
    }
  }

  /** Seconds of processor time of the whole process so far. */
  cpuSeconds(): number {
    return cpuSecondsOf(this.#child.pid as number)
  }

  /** The most memory it has held so far, in MB (VmHWM). */
  peakMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024
  }

  async kill(): Promise<void> {
    this.#isAskedToEnd = true
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  async stop(): Promise<void> {
    this.#isAskedToEnd = true
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 30_000)
    await this.#ended
    clearTimeout(late)
  }
}

function ourCommand(options: WorkerOptions): string[] {
  const script = join(import.meta.dirname, 'our-worker.ts')
  return [process.execPath, ...platformFlags(), '--no-warnings', script, JSON.stringify(options)]
}

function javaArguments(options: WorkerOptions): string[] {
  const { brokers, application, instance, folder, input, output, sessionTimeoutMs } = options
  const settings = sessionTimeoutMs === undefined ? [] : [`session.timeout.ms=${sessionTimeoutMs}`]
  return [brokers.join(','), application, instance, folder, input, output, ...settings]
}
