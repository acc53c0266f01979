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
  /**
   * An event that answers an earlier command than its input, told by `meta.causationId`: with it, a command may wait,
   * and has no outcome among its own events then.
   */
  readonly laterOf?: (event: Event) => Outcome | null
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
  const { store, commandOf, outcomeOf, laterOf, topic } = options
  const answerOf = (commandId: string, outcome: Outcome): CommandAnswer => ({
    commandId,
    idempotencyKey: outcome.meta.idempotencyKey,
    outcomeType: outcome.type,
    outcome: topic.value.serialize(outcome),
    answeredAt: outcome.meta.occurredAt,
  })
  return {
    store,
    idOf: (input) => commandOf(input)?.meta.id ?? null,
    answer: (input, events) => {
      const command = commandOf(input)
      const outcome = outcomeOf(events)
      if (command !== null && outcome !== undefined) {
        const { id, idempotencyKey, occurredAt } = command.meta
        return { ...answerOf(id, outcome), idempotencyKey, answeredAt: occurredAt }
      }
      if (command !== null && laterOf !== undefined) return null
      throw new Error(`The events of ${command?.type} hold no outcome.`)
    },
    ...(laterOf !== undefined && {
      later: (event: Event) => {
        const outcome = laterOf(event)
        const id = outcome?.meta.causationId ?? null
        return outcome === null || id === null ? null : { id, answer: () => answerOf(id, outcome) }
      },
    }),
    keepMs: ANSWERS_KEPT_MS,
    answeredAtMs: (answer) => answer.answeredAt,
  }
}
