import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** How a program ended: by itself with a code, or by a signal. */
export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

const running = new Set<Program>()

/** One of the project's commands as a process of its own, with what it says. */
export class Program {
  readonly ended: Promise<Ending>
  readonly #child: ChildProcess
  #ending: Ending | null = null
  #stdout = ''
  #stderr = ''

  /** @param script from the project's root, e.g. `main/start.ts` */
  constructor(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    // Only what a process needs to run at all: a setting of the machine must not change a test.
    const { PATH, HOME, TMPDIR } = process.env
    this.#child = spawn(process.execPath, [join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(this)
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('close', (code, signal) => {
        this.#ending = { code, signal }
        running.delete(this)
        resolve(this.#ending)
      })
    })
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /** Null while it runs. */
  get ending(): Ending | null {
    return this.#ending
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Kills it at once, as a crash would, and waits until it is gone. */
  async kill(): Promise<Ending> {
    this.signal('SIGKILL')
    return this.ended
  }

  /**
   * Waits for something it says on either stream.
   * @throws Error with all it said, where it ends or `timeoutMs` pass without it.
   */
  async says(pattern: RegExp, timeoutMs = 120_000): Promise<RegExpExecArray> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const found = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr)
      if (found !== null) return found
      const late = performance.now() > deadline
      if (late || this.#ending !== null) {
        const why = late ? `in ${timeoutMs} ms` : `before it ended (${JSON.stringify(this.#ending)})`
        throw new Error(`Nothing like ${pattern} was said ${why}.\n${this.#stdout}\n${this.#stderr}`)
      }
      await sleep(10)
    }
  }
}

/** `npm start` on any free port. */
export function startProgram(dataDir: string, ...args: readonly string[]): Program {
  return new Program('main/start.ts', ['--data-dir', dataDir, '--port', '0', ...args])
}

/** Where a started platform is, and the operator's token, as its first lines say. */
export async function addressOf(program: Program): Promise<{ readonly url: string; readonly operatorToken: string }> {
  const [, url = '', operatorToken = ''] = await program.says(/Operations +(http:\S+)\/ops#token=(\S+)/)
  return { url, operatorToken }
}

/** Ends what a failed test left running. For `afterEach`. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.kill()))
}
