import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { selectList } from './select.ts'

/** A notice as it went out, or why it did not. */
export type NotificationRow = {
  readonly notificationId: string
  readonly consumerId: string
  readonly channel: string
  readonly template: string
  readonly templateVersion: number | null
  readonly language: string | null
  readonly subject: string | null
  readonly body: string | null
  /** SENT, FAILED, or RETURNED where it came back later. */
  readonly status: string
  readonly failureCode: string | null
  /** Such as email-1; null where nobody was reached. */
  readonly provider: string | null
  readonly reportedAt: string
}

const SELECT = selectList([
  'notificationId',
  'consumerId',
  'channel',
  'template',
  'templateVersion',
  'language',
  'subject',
  'body',
  'status',
  'failureCode',
  'provider',
  'reportedAt',
])

/** The notices to a consumer, newest first. */
export function listNotifications(
  database: Database,
  consumerId: string,
  page: PageRequest,
): Promise<Page<NotificationRow>> {
  const keyset = { from: 'notifications', where: 'consumer_id = $1', params: [consumerId] }
  return readPage(database, { ...keyset, time: 'reported_at', id: 'notification_id', select: SELECT }, page)
}
