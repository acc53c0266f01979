/**
 * The credit policy as data. A change is a new version: every decision names the one it was made by, so that it can be
 * explained, and made again with the same result.
 */
export const POLICY = {
  version: 'p1',
  /**
   * The spending limit by score, best first, in major units of the US dollar or its like; no credit below the last.
   * A bureau score of 500 to 599 with nothing against it gives exactly 600.00.
   */
  bands: [
    { scoreMin: 800, limitMajor: 2_500 },
    { scoreMin: 700, limitMajor: 1_500 },
    { scoreMin: 600, limitMajor: 1_000 },
    { scoreMin: 500, limitMajor: 600 },
    { scoreMin: 400, limitMajor: 300 },
  ],
  /** More accounts past due than this, and there is no credit, whatever the score. */
  delinquenciesMax: 2,
  /** Principal reasons a refusal names at most (DOMAIN §8). */
  reasonsMax: 4,
  /** The smallest amount worth a counter-offer, in major units like the limits. */
  counterOfferMinMajor: 5,
  /** After the bureau could not answer: hours until it is asked again, the last one from then on. */
  bureauRetryHours: [1, 6, 24, 72],
  /** How long a decided purchase is remembered: longer than its checkout can be confirmed. */
  decidedOnceHours: 48,
} as const
