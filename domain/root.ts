/** Where a function of a rate is 0: what both annual rates are solved with. */

/** Halvings after which two doubles that began this far apart are neighbours. */
const HALVINGS_MAX = 200

/**
 * The rate at which `worth` changes its sign: at 0 more is paid than was lent (`worth` is below 0), and it rises with
 * the rate. 0 where nothing is paid beyond what was lent. By bisection: slower than Newton's method and never astray.
 */
export function rootOf(worth: (rate: number) => number): number {
  if (worth(0) >= 0) return 0
  let high = 1
  while (worth(high) < 0) high *= 2
  let low = 0
  for (let step = 0; step < HALVINGS_MAX; step += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (worth(middle) < 0) low = middle
    else high = middle
  }
  return high
}
