import type { BusinessTime } from '#api/ports.ts'
import { type MailEvent, troubleOf } from '#connectors/email/webhook.ts'
import { deriveId } from '#domain/ids.ts'
import { type ReportDelivery, rootMeta, type Schemas } from '#schemas'
import { type Log, partitionFor } from '#streams'

/** What makes commands of what mail providers say. */
export type MailReportParts = { readonly log: Log; readonly schemas: Schemas; readonly time: BusinessTime }

/**
 * Takes in what a mail provider says of a mail it had taken, as a command to the notifications. Its id comes from the
 * event's, so that a webhook that is sent again changes nothing.
 */
export function mailReports({ log, schemas: { topics }, time }: MailReportParts): (event: MailEvent) => Promise<void> {
  return async (event) => {
    const { recipient, reason, metadata } = event.data
    const { timeMs, date } = time.now()
    const id = deriveId('cmd', 'mail', event.id)
    const command: ReportDelivery = {
      type: 'ReportDelivery',
      meta: rootMeta({ source: 'mail-webhook', id, occurredAt: timeMs, businessDate: date }),
      ...{ consumerId: metadata.consumer, notificationId: metadata.notice, channel: 'EMAIL' },
      ...{ recipient, reason, trouble: troubleOf(event) },
    }
    const { name, value } = topics.notificationCommands
    const key = Buffer.from(command.consumerId)
    const partition = partitionFor(key, log.partitionCount(name))
    await log.append([{ topic: name, partition, timestampMs: Date.now(), key, value: value.serialize(command) }])
  }
}
