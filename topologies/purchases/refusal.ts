import type { PurchaseCommand, PurchaseCommandRefused } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'purchases'

/** Why a command cannot be: a stable code, and what to do. */
export type Refusal = readonly [code: string, detail: string]

/** The event that refuses a command. `code` is stable; `detail` says what was wrong and what to do. */
export function refused(command: PurchaseCommand, code: string, detail: string): PurchaseCommandRefused {
  return {
    type: 'PurchaseCommandRefused',
    meta: childMeta(SOURCE, command, 'PurchaseCommandRefused'),
    consumerId: command.consumerId,
    merchantId: 'merchantId' in command ? command.merchantId : null,
    purchaseId: command.purchaseId,
    command: command.type,
    code,
    detail,
  }
}
