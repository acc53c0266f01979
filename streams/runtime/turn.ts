/** Longer than most chunks of records take, and short beside what somebody waits for. */
const TURN_MS = 3

/** Who waits for another turn, in the order they came. */
const waiting: (() => void)[] = []

/**
 * How long a task has worked at a stretch. All tasks of a process share its thread with whatever else it does, such as
 * an API; so who has much to do lets the others go first after a while. Of those who wait one goes on in each round of
 * the event loop. Who only begins need not wait: what somebody waits for is seldom much.
 */
export class Turn {
  private endsMs = 0

  /** Work begins, or goes on after a wait. */
  begin(): void {
    this.endsMs = performance.now() + TURN_MS
  }

  isOver(): boolean {
    return performance.now() >= this.endsMs
  }

  /** Resolves when it may go on. */
  async pass(): Promise<void> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(goOn)
    })
    this.begin()
  }
}

function goOn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(goOn)
}
