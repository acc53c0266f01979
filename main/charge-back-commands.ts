import type { BusinessTime } from '#api/ports.ts'
import { Problem } from '#api/problems.ts'
import type { ChargeBackEvent } from '#connectors/payment-gateway/webhook.ts'
import { type GatewayName, PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import { deriveId } from '#domain/ids.ts'
import { type DecideChargeBack, type PaymentCommand, type ReportChargeBack, rootMeta, type Schemas } from '#schemas'
import type { Database } from '#sinks/postgres/database.ts'
import { chargeBacksUnder, paymentsOfCharge } from '#sinks/postgres/read/charge-backs.ts'
import { type Log, partitionFor } from '#streams'

/** What makes commands of the gateway's charge-backs. */
export type ChargeBackParts = {
  readonly log: Log
  readonly schemas: Schemas
  readonly time: BusinessTime
  readonly database: Database
}

/**
 * Takes in what the gateway says of charge-backs: a command for each payment that the charge brought in. Command ids
 * come from the event's, so that a webhook that is sent again changes nothing.
 * @throws Problem CHARGE_NOT_KNOWN (503) where the read model has not heard of the charge yet: the gateway repeats it
 */
export function chargeBackCommands(
  parts: ChargeBackParts,
  gateway: GatewayName,
): (event: ChargeBackEvent) => Promise<void> {
  return async (told) => {
    const event = named(told, gateway)
    const isNew = event.name === 'charge.charged_back'
    const commands = isNew ? await reports(parts, gateway, event) : await decisions(parts, event)
    if (commands.length === 0) {
      throw new Problem(503, 'CHARGE_NOT_KNOWN', `Nothing is known of ${event.data.charge} yet; send it again later.`)
    }
    await append(parts, commands)
  }
}

/** Two gateways may give the same id to two things. */
function named(event: ChargeBackEvent, gateway: GatewayName): ChargeBackEvent {
  if (gateway === PRIMARY_GATEWAY) return event
  const id = (own: string) => `${gateway}.${own}`
  return { ...event, id: id(event.id), data: { ...event.data, id: id(event.data.id) } }
}

/** What was taken back, dealt over the payments of the charge in their order. */
async function reports(
  parts: ChargeBackParts,
  gateway: GatewayName,
  event: ChargeBackEvent,
): Promise<readonly ReportChargeBack[]> {
  const { id, charge, reason } = event.data
  const payments = await paymentsOfCharge(parts.database, gateway, charge)
  let left = event.data.amountMinor
  return payments.flatMap(({ amountMinor: paidMinor, ...payment }, index): ReportChargeBack[] => {
    // More than was charged stays on the last one, which refuses it.
    const amountMinor = index === payments.length - 1 ? left : Math.min(left, paidMinor)
    left -= amountMinor
    if (amountMinor === 0) return []
    const chargeBackId = index === 0 ? id : `${id}:${index + 1}`
    const meta = metaOf(parts, event, chargeBackId)
    return [{ type: 'ReportChargeBack', meta, ...payment, chargeBackId, amountMinor, reason }]
  })
}

async function decisions(parts: ChargeBackParts, event: ChargeBackEvent): Promise<readonly DecideChargeBack[]> {
  const known = await chargeBacksUnder(parts.database, event.data.id)
  const won = event.name === 'charge_back.won'
  return known.map((one) => ({ type: 'DecideChargeBack', meta: metaOf(parts, event, one.chargeBackId), ...one, won }))
}

function metaOf({ time }: ChargeBackParts, event: ChargeBackEvent, chargeBackId: string) {
  const { timeMs, date } = time.now()
  const id = deriveId('cmd', event.id, chargeBackId)
  return rootMeta({ source: 'gateway-webhook', id, occurredAt: timeMs, businessDate: date })
}

async function append({ log, schemas: { topics } }: ChargeBackParts, commands: readonly PaymentCommand[]) {
  const { name, value } = topics.paymentCommands
  const records = commands.map((command) => {
    const key = Buffer.from(command.consumerId)
    const partition = partitionFor(key, log.partitionCount(name))
    return { topic: name, partition, timestampMs: Date.now(), key, value: value.serialize(command) }
  })
  await log.append(records)
}
