import { setImmediate } from 'node:timers/promises'

/** After so many items the other work of this thread gets its turn: a big batch must not delay an answer of the API. */
const SLICE_ITEMS = 100

/** Gives the items in slices, with a pause for the event loop after each of them. */
export async function* inSlices<T>(items: Iterable<T>, length: number = SLICE_ITEMS): AsyncGenerator<readonly T[]> {
  let slice: T[] = []
  for (const item of items) {
    slice.push(item)
    if (slice.length < length) continue
    yield slice
    slice = []
    await setImmediate()
  }
  if (slice.length > 0) yield slice
}
