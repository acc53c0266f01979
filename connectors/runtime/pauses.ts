/** Waits of requests, which somebody who knows more can end early. */
export class Pauses {
  readonly #waiting = new Map<string, Set<() => void>>()

  /**
   * Resolves after `ms`, or as soon as `wake` is called with the key.
   * @throws the reason of `signal` where it is aborted first.
   */
  async pause(key: string | null, ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = () => resolve()
    const timer = setTimeout(end, ms)
    const others = this.#waiting.get(key ?? '') ?? new Set()
    if (key !== null) this.#waiting.set(key, others.add(end))
    signal.addEventListener('abort', end)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      others.delete(end)
      if (key !== null && others.size === 0) this.#waiting.delete(key)
    }
    signal.throwIfAborted()
  }

  /** Ends the waits of a key. */
  wake(key: string): void {
    for (const end of this.#waiting.get(key) ?? []) end()
  }
}
