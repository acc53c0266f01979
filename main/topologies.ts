import type { Schemas } from '#schemas'
import type { Topology } from '#streams'
import { auditTopology } from '#topologies/audit/topology.ts'
import { consumersTopology } from '#topologies/consumers/topology.ts'
import { creditTopology } from '#topologies/credit/topology.ts'
import { installmentsTopology } from '#topologies/installments/topology.ts'
import { ledgerTopology } from '#topologies/ledger/topology.ts'
import { merchantsTopology } from '#topologies/merchants/topology.ts'
import { notificationsTopology } from '#topologies/notifications/topology.ts'
import { paymentsTopology } from '#topologies/payments/topology.ts'
import { purchasesTopology } from '#topologies/purchases/topology.ts'
import { settlementTopology } from '#topologies/settlement/topology.ts'
import { statementsTopology } from '#topologies/statements/topology.ts'
import { webhooksTopology } from '#topologies/webhooks/topology.ts'

/** All the business of the platform, in the order a purchase goes through it. */
export function allTopologies(schemas: Schemas): readonly Topology[] {
  return [
    consumersTopology(schemas),
    merchantsTopology(schemas),
    creditTopology(schemas),
    purchasesTopology(schemas),
    installmentsTopology(schemas),
    paymentsTopology(schemas),
    settlementTopology(schemas),
    webhooksTopology(schemas),
    ledgerTopology(schemas),
    statementsTopology(schemas),
    notificationsTopology(schemas),
    auditTopology(schemas),
  ]
}
