import type { Envelope, PlanEvent, PurchaseCommand, PurchaseEvent } from '#schemas'
import { commandIdOf, type RequestIdentity } from './command-gateway.ts'
import type { ApiParts } from './parts.ts'
import { expectOutcome } from './problems.ts'

type Of<T extends PurchaseEvent['type']> = Extract<PurchaseEvent, { readonly type: T }>

/** What a merchant does with a purchase. */
export type MerchantAction<T extends PurchaseEvent['type']> = {
  readonly request: RequestIdentity
  readonly consumerId: string
  readonly outcome: T
  /** The event of the plan that follows from it; null where none does. */
  readonly thenPlan: PlanEvent['type'] | null
  readonly build: (meta: Envelope) => PurchaseCommand
}

/**
 * Sends a merchant's command and waits for its outcome. What becomes of the plan is told a hop later: whoever reads the
 * plan next waits for it, the merchant need not. @throws Problem where it is refused, and those of commands
 */
export async function merchantAction<T extends PurchaseEvent['type']>(
  { schemas: { topics }, commands, recent }: ApiParts,
  { request, consumerId, outcome, thenPlan, build }: MerchantAction<T>,
): Promise<{ readonly event: Of<T>; readonly replayed: boolean }> {
  const callers = [request.caller, consumerId]
  const planned = thenPlan === null ? null : commands.waitFor<PlanEvent>(commandIdOf(request), [thenPlan])
  try {
    const result = await commands.run({
      request,
      topic: topics.purchaseCommands,
      answeredBy: { app: 'purchases', topic: topics.purchaseEvents },
      partitionKey: consumerId,
      outcomes: [outcome, 'PurchaseCommandRefused'],
      build,
    })
    const event = expectOutcome(result, outcome) as Of<T>
    recent.remember(callers, result.position)
    if (result.replayed) planned?.cancel()
    else if (planned !== null) recent.expect(callers, planned.outcome)
    return { event, replayed: result.replayed }
  } catch (error) {
    planned?.cancel()
    throw error
  }
}
