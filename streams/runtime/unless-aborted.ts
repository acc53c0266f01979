/** Why a wait has ended without an answer: nobody wants it any more. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

/**
 * What the promise gives, unless the signal fires first. For questions that change nothing: they go on unheard, and
 * whoever has to move on need not wait until the log has an answer.
 * @throws Abandoned
 */
export function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(new Abandoned('Nobody waits for this any more.'))
    if (signal.aborted) abandon()
    else signal.addEventListener('abort', abandon, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon))
  })
}
