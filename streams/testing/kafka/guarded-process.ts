import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'

/**
 * A process that does not outlive this one, even where this one is killed with -9: a shell waits on a pipe from here,
 * which ends with us, and then kills it. It has a process group of its own, so that Ctrl-C does not reach it and we
 * decide in which order things stop.
 */
export class GuardedProcess {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #guard: ChildProcess
  readonly #ended: Promise<unknown>

  private constructor(child: ChildProcess, pid: number) {
    this.pid = pid
    this.#child = child
    this.#guard = spawn('/bin/sh', ['-c', `cat >/dev/null; kill -9 ${pid} 2>/dev/null`], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#guard.unref()
    this.#ended = this.isRunning ? once(child, 'exit') : Promise.resolve()
    this.#ended.then(() => this.#guard.kill('SIGKILL')).catch(() => {})
  }

  /** Starts a command; what it says is added to a file. */
  static async start(command: string, args: readonly string[], logFile: string, cwd: string): Promise<GuardedProcess> {
    const log: FileHandle = await open(logFile, 'a')
    try {
      const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', log.fd, log.fd] })
      await once(child, 'spawn')
      return new GuardedProcess(child, child.pid as number)
    } finally {
      await log.close()
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Sends a signal; does nothing where it has ended. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    await this.#ended
  }
}
