/** How long parts may take to close. What is committed is safe without: a process may end at any moment. */
const CLOSE_MS = 30_000

/** The code of a command that was interrupted, as shells have it: 128 and the number of SIGINT. */
export const INTERRUPTED = 130

/**
 * Ends a command: closes first what it opened, once, however often and for whatever reasons it is asked to.
 * Ctrl-C under npm comes twice, from the terminal and from npm, so a second signal must change nothing.
 */
export class ProcessEnd {
  readonly #close: () => Promise<void>
  #begun = false

  constructor(close: () => Promise<void>) {
    this.#close = close
  }

  /** True once it is on its way. */
  get begun(): boolean {
    return this.#begun
  }

  /** Closes and ends with this code; the first call counts. */
  async withCode(code: number): Promise<void> {
    if (this.#begun) return
    this.#begun = true
    // A thread that waits for room on a full disk keeps a part from closing and `process.exit` from ending.
    setTimeout(() => killSelf(), CLOSE_MS)
    try {
      await this.#close()
    } catch (error) {
      console.error('Closing failed.', error)
    }
    process.exit(code)
  }

  /** From now on Ctrl-C, SIGTERM and a terminal that closes end the command, with the code it then says. */
  onSignals(code: () => number, message: string): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!this.#begun) console.log(message)
        void this.withCode(code())
      })
    }
  }
}

function killSelf(): void {
  console.error(`Something did not close within ${CLOSE_MS / 1_000} s; the process is ended without it.`)
  process.kill(process.pid, 'SIGKILL')
}
