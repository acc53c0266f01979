import type { TaskHolder } from '../assignor/assignment-info.ts'

/** Who has which task, as the last assignment said: a table of addresses. */
export class TaskDirectory {
  private owners = new Map<string, string>()
  private followers = new Map<string, string[]>()
  private readonly listeners = new Set<() => void>()

  /** A new assignment is there. */
  update(holders: readonly TaskHolder[]): void {
    this.owners = new Map(holders.flatMap(({ address, active }) => active.map((id) => [id, address] as const)))
    this.followers = new Map()
    for (const { address, standbys } of holders) {
      for (const id of standbys) this.followers.set(id, [...(this.followers.get(id) ?? []), address])
    }
    for (const listener of [...this.listeners]) listener()
  }

  /** Where a task runs; undefined where that is not known, or whoever runs it answers no queries. */
  ownerOf(taskId: string): string | undefined {
    return this.owners.get(taskId)
  }

  /** Where a task is followed. */
  standbysOf(taskId: string): readonly string[] {
    return this.followers.get(taskId) ?? []
  }

  /** Calls the listener after each change, until the function it gives is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Resolves after the next change, or after so many milliseconds. */
  change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        unsubscribe()
        resolve()
      }
      const timer = setTimeout(end, withinMs)
      const unsubscribe = this.subscribe(end)
    })
  }
}
