/** A small topology with real answers, for tests of what sends commands: it gives out API keys and counts them. */
import { type CommandAnswer, childMeta, type MerchantCommand, type MerchantEvent, type Schemas } from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { type Decider, jsonSerde, StreamsBuilder, type Topology } from '#streams'

type Desk = { readonly issued: number }

/** One key a command, as often as it is asked; everything else is refused. */
const desk: Decider<Desk, MerchantCommand, MerchantEvent> = {
  initial: () => ({ issued: 0 }),
  keyOf: (command) => command.merchantId,
  decide: (state, command) => {
    const meta = childMeta('desk', command, 'answer')
    const { merchantId } = command
    if (command.type === 'IssueApiKey') {
      return [{ type: 'ApiKeyIssued', meta, merchantId, apiKeyId: `${command.apiKeyId} no ${state.issued + 1}` }]
    }
    const refusal = { command: command.type, code: 'STATUS_UNCHANGED', detail: 'Only keys here.', checkoutId: null }
    return [{ type: 'MerchantCommandRefused', meta, merchantId, ...refusal }]
  },
  evolve: (state, event) => (event.type === 'ApiKeyIssued' ? { issued: state.issued + 1 } : state),
}

/** The topology `desk`, on the topics of merchants; its store of answers is as in every command topology. */
export function keyDeskTopology({ topics, state }: Schemas): Topology {
  const builder = new StreamsBuilder('desk', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  builder
    .stream('commands', topics.merchantCommands)
    .decide('decide', {
      store: builder.store('desks', { value: jsonSerde<Desk>() }),
      decider: desk,
      // Nothing is forgotten: there are no ticks here.
      answers: {
        ...commandAnswers({
          store: builder.store('answers', { value: state<CommandAnswer>('CommandAnswer') }),
          commandOf: (command) => command,
          outcomeOf: ([event]: readonly MerchantEvent[]) => event,
          topic: topics.merchantEvents,
        }),
        keepMs: Number.POSITIVE_INFINITY,
      },
    })
    .to('events', topics.merchantEvents)
  return builder.build()
}
