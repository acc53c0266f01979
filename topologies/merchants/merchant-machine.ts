/** The states of a merchant and of its application, and what leads from one to another, as data. */
import type { StateMachine } from '#domain/state-machine.ts'
import type { ApplicationStatus, MerchantStatus } from '#schemas'

/** Suspending, reinstating and closing. A closed merchant stays closed. */
export const merchantMachine: StateMachine<MerchantStatus, 'MerchantStatusChanged'> = {
  name: 'merchant',
  initial: 'ACTIVE',
  transitions: {
    ACTIVE: { MerchantStatusChanged: ['SUSPENDED', 'CLOSED'] },
    SUSPENDED: { MerchantStatusChanged: ['ACTIVE', 'CLOSED'] },
    CLOSED: {},
  },
}

/** What moves an application: the provider's report, or a person. */
export type ApplicationMove = 'MerchantCheckReported' | 'DecideApplication'

/** What may become of an application. A provider that does not answer in its tries leaves it to a person. */
export const applicationMachine: StateMachine<ApplicationStatus, ApplicationMove> = {
  name: 'merchant application',
  initial: 'APPLIED',
  transitions: {
    APPLIED: { MerchantCheckReported: ['APPROVED', 'IN_REVIEW', 'REJECTED'] },
    IN_REVIEW: { DecideApplication: ['APPROVED', 'REJECTED'] },
    APPROVED: {},
    REJECTED: {},
  },
}
