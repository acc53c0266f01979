import type { Pace, Rest, Topology } from '#streams'

/** Somebody waits for its commands; what else it hears only has to be there before the next command of that key. */
const ANSWERS: Rest = { restMs: 0, restPerCommit: 3, restMsMax: 50 }
/** On the way of money: a checkout waits for the sum of some of them. */
const CARRIES_ON: Rest = { restMs: 2, restPerCommit: 3, restMsMax: 50 }
/** Payouts of a day wait for it, and nobody during the day. */
const SETTLES: Rest = { restMs: 50, restPerCommit: 10, restMsMax: 250 }
/** Nobody waits for a posting, a notice, a statement or an audit entry. */
const WRITES_DOWN: Rest = { restMs: 200, restPerCommit: 10, restMsMax: 500 }

const RESTS: Readonly<Record<string, Rest>> = {
  ...{ consumers: ANSWERS, merchants: ANSWERS, credit: ANSWERS },
  ...{ purchases: CARRIES_ON, installments: CARRIES_ON, payments: CARRIES_ON },
  // Business time does not wait for shops: who rests long would miss the day on which a call is due again.
  ...{ settlement: SETTLES, webhooks: CARRIES_ON },
  ...{ ledger: WRITES_DOWN, statements: WRITES_DOWN, notifications: WRITES_DOWN, audit: WRITES_DOWN },
}

/**
 * How often a topology takes what has come. On Kafka a transaction is three to five requests and a marker a partition.
 * Twelve topologies that each begin the next one when the last has ended keep a broker and this process busy with that
 * alone; so only what a caller waits for is taken at once. Where business time waits for all of it nobody rests
 * (`open-clock.ts`).
 */
export function paceOf(topology: Topology): Partial<Pace> {
  const rest = RESTS[topology.name]
  if (rest !== ANSWERS) return rest ?? {}
  return { ...rest, urgent: new Set(topology.inputTopics().filter((topic) => topic.endsWith('.commands'))) }
}
