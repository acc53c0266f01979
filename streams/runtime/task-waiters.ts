import type { TaskHost } from './task-host.ts'

type Waiter = { readonly check: () => boolean; readonly resolve: (held: boolean) => void; timer: NodeJS.Timeout }

/**
 * Lets readers wait for something that only a task's progress can bring about: a position that is committed, a restore
 * that is done. Looked at again when that task commits or its state changes, never on a timer.
 */
export class TaskWaiters {
  private readonly byTask = new Map<string, Set<Waiter>>()

  /** True as soon as `check` holds; false where it does not within `timeoutMs`. */
  until(taskId: string, check: () => boolean, timeoutMs: number): Promise<boolean> {
    if (check()) return Promise.resolve(true)
    if (timeoutMs <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const waiters = this.byTask.get(taskId) ?? new Set<Waiter>()
      this.byTask.set(taskId, waiters)
      const waiter: Waiter = { check, resolve, timer: setTimeout(() => this.end(taskId, waiter, false), timeoutMs) }
      waiters.add(waiter)
    })
  }

  /** The task has committed or changed its state. */
  notify(taskId: string): void {
    const waiters = this.byTask.get(taskId)
    if (waiters === undefined) return
    for (const waiter of waiters) if (waiter.check()) this.end(taskId, waiter, true)
  }

  /** Nothing will change any more. */
  endAll(): void {
    for (const [taskId, waiters] of this.byTask) for (const waiter of waiters) this.end(taskId, waiter, false)
  }

  private end(taskId: string, waiter: Waiter, held: boolean): void {
    clearTimeout(waiter.timer)
    const waiters = this.byTask.get(taskId)
    waiters?.delete(waiter)
    if (waiters?.size === 0) this.byTask.delete(taskId)
    waiter.resolve(held)
  }
}

/** True where the task has committed past an offset of one of its inputs. */
export function hasCommitted(host: TaskHost, topic: string, offset: number): boolean {
  const input = host.inputs.find((one) => one.topic === topic)
  return input !== undefined && input.committedOffset > offset
}
