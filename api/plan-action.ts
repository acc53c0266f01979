import type { Context } from 'hono'
import type { Envelope, PlanCommand, PlanEvent } from '#schemas'
import { commandIdOf } from './command-gateway.ts'
import type { ApiEnv } from './env.ts'
import { planOf } from './owned-readings.ts'
import type { ApiParts } from './parts.ts'
import { expectOutcome } from './problems.ts'
import { markReplay, requestIdentity } from './routing.ts'

type Of<T extends PlanEvent['type']> = Extract<PlanEvent, { readonly type: T }>
type Ids = { readonly meta: Envelope; readonly consumerId: string; readonly planId: string }

/** What is asked of a plan. */
type PlanAction<T extends PlanEvent['type']> = {
  readonly planId: string
  readonly outcome: T
  /** The command; `commandId` is the same for a repeat, to derive other ids from. */
  readonly build: (ids: Ids, commandId: string) => PlanCommand
}

/** Sends a command about a plan that the caller may see, and waits for its outcome. @throws Problem where refused */
export async function planAction<T extends PlanEvent['type']>(
  parts: ApiParts,
  c: Context<ApiEnv>,
  { planId, outcome, build }: PlanAction<T>,
): Promise<Of<T>> {
  const { principal } = c.var
  const { consumerId } = await planOf(parts, principal, planId)
  const { planCommands, planEvents } = parts.schemas.topics
  const request = await requestIdentity(c, principal.id)
  const result = await parts.commands.run({
    request,
    topic: planCommands,
    answeredBy: { app: 'installments', topic: planEvents },
    partitionKey: consumerId,
    outcomes: [outcome, 'PlanCommandRefused'],
    build: (meta) => build({ meta, consumerId, planId }, commandIdOf(request)),
  })
  const event = expectOutcome(result, outcome) as Of<T>
  parts.recent.remember([principal.id, consumerId], result.position)
  markReplay(c, result.replayed)
  return event
}
