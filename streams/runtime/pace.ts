/** A pause after something was done, so that the next time there is more to do at once. Milliseconds. */
export type Rest = {
  /** At least. 0: none. */
  readonly restMs: number
  /**
   * So many times as long as the last commit took, where that is more: where transactions are dear, or everything is
   * slow because there is too much to do, fewer of them are made without anybody tuning it. 0: always the same pause.
   */
  readonly restPerCommit: number
  /** At most. */
  readonly restMsMax: number
}

/**
 * How often an application takes what has come. A round of fetching, processing and committing costs nearly the same
 * for few records as for many; so where nobody waits, a rest after each fetch that brought something leaves brokers and
 * processor to others. What comes after a quiet time is taken at once all the same.
 */
export type Pace = Rest & {
  /** Input topics that somebody waits for: they are fetched without rest. */
  readonly urgent: ReadonlySet<string>
}

/** The pause that follows, given how long the last commit took; milliseconds. */
export function restMs({ restMs: least, restPerCommit, restMsMax }: Rest, commitMs: number): number {
  return Math.min(Math.max(least, restPerCommit * commitMs), restMsMax)
}
