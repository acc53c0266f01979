import type { CommandAnswer, PlanEvent, Topics } from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import type { AnswersOptions, StoreHandle } from '#streams'
import type { PlanInput } from './plan.ts'
import { isPlanCommand } from './plan-commands.ts'
import { isPlanEvent, type PlanFact } from './plan-state.ts'

/** The stored outcomes of commands about plans: the first event of each, but for interest that it lets fall due. */
export function planAnswers(
  store: StoreHandle<string, CommandAnswer>,
  topic: Topics['planEvents'],
): AnswersOptions<PlanInput, PlanFact, CommandAnswer> {
  return commandAnswers<PlanInput, PlanFact, PlanEvent>({
    store,
    topic,
    commandOf: (input) => (isPlanCommand(input) ? input : null),
    outcomeOf: (facts) => facts.filter(isPlanEvent).find(({ type }) => type !== 'InterestCharged'),
  })
}
