import { Problem } from '../problems.ts'
import type { Counter } from './counter.ts'

const WINDOW_MS = 15 * 60_000
/** Wrong passwords for an account from one address, and from everywhere, in a quarter of an hour. */
const FROM_ADDRESS_MAX = 10
const FROM_EVERYWHERE_MAX = 100

/**
 * Stops the guessing of passwords. An attempt is counted before the password is looked at, so that many at once are not
 * all let through; a right password takes the counts back. Who guesses from one address does not lock the owner out.
 */
export class SignInAttempts {
  readonly #counter: Counter

  constructor(counter: Counter) {
    this.#counter = counter
  }

  /** @throws Problem TOO_MANY_ATTEMPTS */
  async begin(account: string, address: string): Promise<void> {
    const count = (key: string) => this.#counter.increment(key, WINDOW_MS).catch(() => 0)
    const [fromAddress, inAll] = await Promise.all([count(placeOf(account, address)), count(placeOf(account))])
    if (fromAddress <= FROM_ADDRESS_MAX && inAll <= FROM_EVERYWHERE_MAX) return
    throw new Problem(
      429,
      'TOO_MANY_ATTEMPTS',
      'There were too many attempts to sign in to this account. Wait a quarter of an hour, then try again.',
      { headers: { 'retry-after': String(WINDOW_MS / 1_000) } },
    )
  }

  /** The password was right. */
  async succeeded(account: string, address: string): Promise<void> {
    const reset = (key: string) => this.#counter.reset(key).catch(() => undefined)
    await Promise.all([reset(placeOf(account, address)), reset(placeOf(account))])
  }
}

function placeOf(account: string, address = '*'): string {
  return `sign-in:${account}:${address}`
}
