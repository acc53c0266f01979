import type { Due } from './due-index.ts'

/** What is due, earliest first, then by key: a binary heap. */
export class DueQueue {
  private readonly heap: Due[] = []

  push(due: Due): void {
    const { heap } = this
    let at = heap.length
    heap.push(due)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!isBefore(due, heap[up] as Due)) break
      heap[at] = heap[up] as Due
      at = up
    }
    heap[at] = due
  }

  /** Takes the earliest out; undefined where nothing is left. */
  pop(): Due | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const right = left + 1
      const down = right < heap.length && isBefore(heap[right] as Due, heap[left] as Due) ? right : left
      if (!isBefore(heap[down] as Due, last)) break
      heap[at] = heap[down] as Due
      at = down
    }
    heap[at] = last
    return first
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.timeMs === b.timeMs ? a.key < b.key : a.timeMs < b.timeMs
}
