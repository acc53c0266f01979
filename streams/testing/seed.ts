/** A source of random numbers that gives the same ones for the same seed, so that a failed test can be run again. */
export type Random = {
  readonly seed: number
  /** From 0 (included) to 1 (not included). */
  next(): number
  /** A whole number from 0 (included) to `below` (not included). */
  int(below: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

/** The seed of this run of the tests: `TEST_SEED` where it is set, else one of the moment. */
export function testSeed(): number {
  const given = process.env['TEST_SEED']
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)
}

/** Random numbers by the mulberry32 generator. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    seed,
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('There is nothing to pick from.')
      return from[int(from.length)] as (typeof from)[number]
    },
  }
}
