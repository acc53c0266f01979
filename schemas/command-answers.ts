import type { AnswersOptions, StoreHandle } from '#streams'
import type { CommandAnswer, Envelope } from './generated/types.ts'

/** Business time an answer is kept: a repeat of its command gets it again (DOMAIN §9: 24 hours or more). */
const ANSWERS_KEPT_MS = 48 * 3_600_000

type Recorded = { readonly type: string; readonly meta: Envelope }

/** How the answers of a topology's commands are kept. */
export type CommandAnswersOptions<Input, Event, Outcome> = {
  readonly store: StoreHandle<string, CommandAnswer>
  /** The command an input is or brings; null where it is something else. Its id is its `meta.id`. */
  readonly commandOf: (input: Input) => Recorded | null
  /** The outcome among the events of a command: the first that is told. */
  readonly outcomeOf: (events: readonly Event[]) => Outcome | undefined
  /** Where outcomes go: an answer holds the outcome's bytes as they stand there. */
  readonly topic: { readonly value: { serialize(outcome: Outcome): Buffer } }
}

/**
 * The `answers` of a `decide` over commands: each command is decided once, and its outcome is stored in the same atomic
 * step, where the API finds it for a repeated request.
 */
export function commandAnswers<Input, Event, Outcome extends Recorded>(
  options: CommandAnswersOptions<Input, Event, Outcome>,
): AnswersOptions<Input, Event, CommandAnswer> {
  const { store, commandOf, outcomeOf, topic } = options
  return {
    store,
    idOf: (input) => commandOf(input)?.meta.id ?? null,
    answer: (input, events) => {
      const command = commandOf(input)
      const outcome = outcomeOf(events)
      if (command === null || outcome === undefined) throw new Error(`The events of ${command?.type} hold no outcome.`)
      return {
        commandId: command.meta.id,
        idempotencyKey: command.meta.idempotencyKey,
        outcomeType: outcome.type,
        outcome: topic.value.serialize(outcome),
        answeredAt: command.meta.occurredAt,
      }
    },
    keepMs: ANSWERS_KEPT_MS,
    answeredAtMs: (answer) => answer.answeredAt,
  }
}
