/** What a page remembers until its tab is closed. */
export type KeptName = 'consumer-token' | 'consumer-refresh' | 'merchant-key' | 'operator-token' | 'offered-checkouts'

/** The remembered text, or null. */
export function kept(name: KeptName): string | null {
  return sessionStorage.getItem(`fourfold.${name}`)
}

/** Remembers a text; null forgets it. */
export function keep(name: KeptName, value: string | null): void {
  if (value === null) sessionStorage.removeItem(`fourfold.${name}`)
  else sessionStorage.setItem(`fourfold.${name}`, value)
}
