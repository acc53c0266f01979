/**
 * Topics of what an operator lays down for a whole topology. Its commands are answered in one place; what was published
 * goes to every partition, so that each task hears it at a place of its own input.
 */
import type * as t from './generated/types.ts'
import { FOREVER, type TopicMaker } from './topic-maker.ts'
import type {
  CreditRuleCommand,
  CreditRuleEvent,
  GatewayRouteEvent,
  LedgerPeriodCommand,
  LedgerPeriodEvent,
  LedgerPeriodNews,
  PublishedRule,
} from './topic-records.ts'

/** The key of all that is about the rules of credit: they are one aggregate. */
export const CREDIT_RULES_KEY = 'credit'

/** The key of all that is about the routes of charges: they are one aggregate. */
export const GATEWAY_ROUTES_KEY = 'gateways'

/** The key of all that is about the periods of the ledger: they are one aggregate. */
export const LEDGER_KEY = 'ledger'

/** The rules of credit (policies and score models), the routes of charges, and the periods of the ledger. */
export function ruleTopics({ topic }: TopicMaker) {
  const key = () => CREDIT_RULES_KEY
  const routesKey = () => GATEWAY_ROUTES_KEY
  const ledgerKey = () => LEDGER_KEY
  return {
    creditRuleCommands: topic<CreditRuleCommand>('credit.rule-commands', FOREVER, key, [
      'PublishCreditPolicy',
      'PublishScoreModel',
    ]),
    creditRuleEvents: topic<CreditRuleEvent>('credit.rule-events', FOREVER, key, [
      'CreditPolicyPublished',
      'ScoreModelPublished',
      'CreditRulesRefused',
    ]),
    /**
     * What was published, and who may sell, in every partition: each task of `credit` hears it at a place of its own
     * input.
     */
    creditRules: {
      ...topic<PublishedRule>('credit.rules', FOREVER, key, [
        ...['CreditPolicyPublished', 'ScoreModelPublished', 'MerchantStatusChanged'],
      ]),
      toEveryPartition: true,
    },
    gatewayRouteCommands: topic<t.PublishGatewayRoutes>('gateway.route-commands', FOREVER, routesKey, [
      'PublishGatewayRoutes',
    ]),
    gatewayRouteEvents: topic<GatewayRouteEvent>('gateway.route-events', FOREVER, routesKey, [
      'GatewayRoutesPublished',
      'GatewayRoutesRefused',
    ]),
    /** The same for the tasks of `payments`. */
    gatewayRoutes: {
      ...topic<t.GatewayRoutesPublished>('gateway.routes', FOREVER, routesKey, ['GatewayRoutesPublished']),
      toEveryPartition: true,
    },
    ledgerPeriodCommands: topic<LedgerPeriodCommand>('ledger.period-commands', FOREVER, ledgerKey, [
      'ClosePeriod',
      'ReopenPeriod',
      'SchedulePeriodClose',
    ]),
    ledgerPeriodEvents: topic<LedgerPeriodEvent>('ledger.period-events', FOREVER, ledgerKey, [
      'PeriodCloseBegun',
      'PeriodClosed',
      'PeriodCloseDiffers',
      'PeriodReopened',
      'PeriodCloseScheduled',
      'PeriodCommandRefused',
    ]),
    /** The same for the tasks of `ledger` that post. */
    ledgerPeriods: {
      ...topic<LedgerPeriodNews>('ledger.periods', FOREVER, ledgerKey, ['PeriodCloseBegun', 'PeriodReopened']),
      toEveryPartition: true,
    },
  }
}
