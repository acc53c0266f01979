/**
 * Kafka 4.3.0 and 4.3.1 leave a transaction's markers out where a partition has no leader at the moment its coordinator
 * starts (KAFKA-20734, a regression after 4.2). With one broker that is so at each of its restarts. No client can make
 * exactly once of that; ours stops (LOG_TRANSACTION_HANGS). So whatever restarts a broker is proven on the last version
 * before, and everything else on the newest too.
 */
export const KEEPS_MARKERS = '4.2.1'

/** True where a restart of the only broker can lose markers. */
export function losesMarkers(version: string): boolean {
  return version === '4.3.0' || version === '4.3.1'
}
