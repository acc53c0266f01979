/** A task that is done again and again. */
export type Poll = {
  /** Does it now, and begins to count anew. */
  now(): void
  stop(): void
}

/** Does a task at once and then every so many milliseconds, never twice at a time, and not while nobody looks. */
export function poll(everyMs: number, task: () => Promise<void>): Poll {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let stopped = false
  const turn = async () => {
    clearTimeout(timer)
    if (stopped || running || document.hidden) return
    running = true
    try {
      await task()
    } finally {
      running = false
      if (!stopped) timer = setTimeout(() => void turn(), everyMs)
    }
  }
  const look = () => void turn()
  document.addEventListener('visibilitychange', look)
  look()
  return {
    now: look,
    stop() {
      stopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    },
  }
}
