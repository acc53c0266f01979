import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, readRows, selectList } from './select.ts'

/** An address at which a merchant is told of its purchases. */
export type WebhookEndpointRow = {
  readonly endpointId: string
  readonly url: string
  readonly eventTypes: string[]
  readonly secretVersion: number
  readonly previousUntil: string | null
}

/** A delivery and how it stands. */
export type WebhookDeliveryRow = {
  readonly deliveryId: string
  readonly endpointId: string
  readonly subject: string
  readonly eventId: string
  readonly eventType: string
  readonly body: string
  /** WAITING, RETRYING, DELIVERED or DEAD. */
  readonly status: string
  readonly attempts: number
  readonly httpStatus: number | null
  readonly failure: string | null
  readonly nextAttemptAt: string | null
  readonly queuedAt: string
}

/** The addresses of a merchant, oldest first. */
export function webhookEndpointsOf(database: Database, merchantId: string): Promise<readonly WebhookEndpointRow[]> {
  const select = selectList(['endpointId', 'url', 'eventTypes', 'secretVersion', 'previousUntil'])
  const sql = `SELECT ${select} FROM webhook_endpoints WHERE merchant_id = $1 AND NOT removed
                ORDER BY registered_at, endpoint_id`
  return readRows(database, sql, [merchantId])
}

const DELIVERY = selectList([
  'deliveryId',
  'endpointId',
  'subject',
  'eventId',
  'eventType',
  'body',
  'status',
  'attempts',
  'httpStatus',
  'failure',
  'nextAttemptAt',
  'queuedAt',
])

/** The deliveries of a merchant, newest first; of one status where it is named. */
export function listWebhookDeliveries(
  database: Database,
  { merchantId, status }: { readonly merchantId: string; readonly status: string | null },
  page: PageRequest,
): Promise<Page<WebhookDeliveryRow>> {
  return readPage(
    database,
    {
      from: 'webhook_deliveries',
      where: 'merchant_id = $1 AND ($2::text IS NULL OR status = $2)',
      params: [merchantId, status],
      time: 'queued_at',
      id: 'delivery_id',
      select: DELIVERY,
    },
    page,
  )
}

/** A delivery of a merchant; null where there is no such one of this merchant. */
export function webhookDelivery(
  database: Database,
  merchantId: string,
  deliveryId: string,
): Promise<WebhookDeliveryRow | null> {
  const sql = `SELECT ${DELIVERY} FROM webhook_deliveries WHERE merchant_id = $1 AND delivery_id = $2`
  return readOne(database, sql, [merchantId, deliveryId])
}
