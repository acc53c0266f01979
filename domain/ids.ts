import { hash } from 'node:crypto'

/** SHA-256 as hex. A pure function: the same text gives the same hash on every replay. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * An id made of what it stands for: the same parts give the same id, so a replay makes no new ones. 128 bits of
 * SHA-256, hex, behind a readable prefix: `deriveId('pln', purchaseId)`.
 */
export function deriveId(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}_${hash('sha256', parts.join('\u0000'), 'hex').slice(0, 32)}`
}
