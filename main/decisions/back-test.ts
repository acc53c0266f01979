import { decodeWhenReady } from '#streams'
import { BackTest, type BackTestReport } from '#topologies/credit/back-test.ts'
import type { CreditPolicy } from '#topologies/credit/credit-policy.ts'
import { CREDIT_POLICY, type TestedRules } from '#topologies/credit/decision-rules.ts'
import { creditTopology } from '#topologies/credit/topology.ts'
import { type CreditReplay, isWithin, replayedEvents } from './replay-credit.ts'

/**
 * Replays the past with other rules in the shadow, and adds up what they would have decided. `policyOf`: the policy of
 * a version, whose bands name the rows where only the model is another.
 */
export async function backTest(
  replay: Omit<CreditReplay, 'topology'>,
  tested: TestedRules,
  policyOf: (version: string) => CreditPolicy = () => CREDIT_POLICY,
): Promise<BackTestReport> {
  const { schemas, range } = replay
  const test = new BackTest(tested.policy, tested.model, policyOf)
  for await (const { value } of replayedEvents({ ...replay, topology: creditTopology(schemas, tested) })) {
    if (value === null) continue
    const event = await decodeWhenReady(schemas.topics.creditEvents.value, value)
    if (event.type !== 'PurchaseApproved' && event.type !== 'PurchaseDeclined') continue
    if (isWithin(event, range)) test.take(event)
  }
  return test.report()
}
