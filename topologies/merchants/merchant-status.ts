import type { MerchantStatus } from '#schemas'

/** Where a merchant may go from where it stands: a closed one stays closed. */
export const NEXT_STATUS: Readonly<Record<MerchantStatus, readonly MerchantStatus[]>> = {
  ACTIVE: ['SUSPENDED', 'CLOSED'],
  SUSPENDED: ['ACTIVE', 'CLOSED'],
  CLOSED: [],
}
