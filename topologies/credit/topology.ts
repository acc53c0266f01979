import type {
  CommandAnswer,
  CreditReviewEvent,
  CreditRuleCommand,
  CreditRuleEvent,
  CreditRules,
  CreditRulesRefused,
  CreditState,
  PurchaseApproved,
  PurchaseDeclined,
  Schemas,
  Topics,
} from '#schemas'
import { CREDIT_RULES_KEY } from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { type StoreHandle, StreamsBuilder, type Topology } from '#streams'
import { creditDecider } from './credit.ts'
import { RuleFiles, rulesOf, type TestedRules, withTested } from './decision-rules.ts'
import {
  type CreditFact,
  commandIn,
  isBureauRequest,
  isConsumerNews,
  isCreditEvent,
  isDecision,
  isPaymentNews,
  isRequest,
  isReviewEvent,
} from './facts.ts'
import { bookAfter, EMPTY_BOOK, ruleBook } from './rule-book.ts'

/**
 * Decides each purchase against what its consumer may spend, and holds the amount: check and hold in one place. Beside
 * it, the book of rules answers the operator's commands about policies and models, and tells every task what changed.
 * `tested`: rules whose result is written beside every decision, for a back-test; none where the platform runs.
 * Stores: `credit` (by consumer id), `answers` (by command id), `rules` (one book a task), `rule-book`, `rule-answers`.
 */
export function creditTopology(schemas: Schemas, tested: TestedRules | null = null): Topology {
  const builder = new StreamsBuilder('credit', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  keepRuleBook(builder, schemas)
  decideCredit(builder, schemas, hearRules(builder, schemas), tested)
  return builder.build()
}

/** The one place that takes a policy or a model. */
function keepRuleBook(builder: StreamsBuilder, { topics, state }: Schemas): void {
  const store = builder.store('rule-book', { value: state<CreditRules>('CreditRules') })
  const answers = builder.store('rule-answers', { value: state<CommandAnswer>('CommandAnswer') })
  const events = builder.stream('rule-commands', topics.creditRuleCommands).decide('publish-rules', {
    store,
    decider: ruleBook,
    answers: {
      ...commandAnswers({
        store: answers,
        commandOf: (command: CreditRuleCommand) => command,
        outcomeOf: (events: readonly CreditRuleEvent[]) => events[0],
        topic: topics.creditRuleEvents,
      }),
      // Rules change a few times a month, and a task without a clock can forget nothing.
      keepMs: Number.POSITIVE_INFINITY,
    },
  })
  events.to('rule-events', topics.creditRuleEvents)
  events.filter('published', isPublished).to('rules-told', topics.creditRules)
}

/** Every task's own copy of the book, changed at one place of its input: a replay changes it there again. */
function hearRules(builder: StreamsBuilder, { topics, state }: Schemas): StoreHandle<string, CreditRules> {
  const store = builder.store('rules', { value: state<CreditRules>('CreditRules') })
  builder
    .stream('rules-heard', topics.creditRules)
    .groupByKey()
    .aggregate('keep-rules', { store, initial: () => EMPTY_BOOK, add: bookAfter })
  return store
}

function decideCredit(
  builder: StreamsBuilder,
  schemas: Schemas,
  rules: StoreHandle<string, CreditRules>,
  tested: TestedRules | null,
): void {
  const { topics } = schemas
  const files = new RuleFiles()
  const deciderOf = (book: CreditRules) => {
    const rulesAt = rulesOf(book, files)
    return creditDecider(tested === null ? rulesAt : withTested(rulesAt, tested))
  }
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const store = builder.store('credit', { value: schemas.state<CreditState>('CreditState') })
  const answers = builder.store('answers', { value: schemas.state<CommandAnswer>('CommandAnswer') })

  const requests = builder.stream('commands', topics.purchaseCommands).filter('requests', isRequest)
  const news = builder.stream('consumer-events', topics.consumerEvents).filter('consumer-news', isConsumerNews)
  const reports = builder.stream('bureau-results', topics.bureauResults)
  const reviews = builder.stream('credit-commands', topics.creditCommands)
  const plans = builder.stream('plan-events', topics.planEvents)
  const payments = builder.stream('payment-events', topics.paymentEvents).filter('payment-news', isPaymentNews)

  const facts = requests
    .merge('with-news', news)
    .merge('with-reports', reports)
    .merge('with-plans', plans)
    .merge('with-payments', payments)
    .merge('with-reviews', reviews)
    .decide('decide-credit', {
      store,
      decider: deciderOf(EMPTY_BOOK),
      rules: { store: rules, key: CREDIT_RULES_KEY, decider: deciderOf },
      clock,
      dueStore: 'credit-due',
      answers: commandAnswers({
        store: answers,
        commandOf: commandIn,
        outcomeOf: (facts: readonly CreditFact[]) =>
          facts.find((fact) => isDecision(fact) || isReviewEvent(fact)) as Outcome | undefined,
        // A purchase that waited is answered by what ended its waiting: a report, or a tick.
        laterOf: (fact: CreditFact) => (isDecision(fact) ? fact : null),
        topic: { value: { serialize: (outcome: Outcome) => bytesOf(topics, outcome) } },
      }),
    })

  facts.filter('told', isCreditEvent).to('credit-events', topics.creditEvents)
  facts.filter('reviewed', isReviewEvent).to('review-events', topics.creditReviewEvents)
  facts.filter('asked', isBureauRequest).to('bureau-requests', topics.bureauRequests)
}

function isPublished(event: CreditRuleEvent): event is Exclude<CreditRuleEvent, CreditRulesRefused> {
  return event.type !== 'CreditRulesRefused'
}

type Outcome = PurchaseApproved | PurchaseDeclined | CreditReviewEvent

/** An answer holds the outcome's bytes as they stand in the topic that it is told on. */
function bytesOf({ creditEvents, creditReviewEvents }: Topics, outcome: Outcome): Buffer {
  return isReviewEvent(outcome) ? creditReviewEvents.value.serialize(outcome) : creditEvents.value.serialize(outcome)
}
