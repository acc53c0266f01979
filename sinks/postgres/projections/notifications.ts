import { type Projection, patch, put, timestamp } from '../projection.ts'

export const notifications: Projection = {
  table: 'notifications',
  key: ['notification_id'],
  rules: {
    NotificationSent: (event) =>
      put({
        notification_id: event.notificationId,
        consumer_id: event.consumerId,
        channel: event.channel,
        template: event.template,
        template_version: event.templateVersion,
        language: event.language,
        subject: event.subject,
        body: event.body,
        status: 'SENT',
        provider: event.provider,
        reported_at: timestamp(event.meta.occurredAt),
      }),
    NotificationReturned: ({ notificationId, trouble, reason }) =>
      trouble === 'COMPLAINT'
        ? []
        : patch({ notification_id: notificationId, status: 'RETURNED', failure_code: reason }),
    NotificationFailed: (event) =>
      put({
        notification_id: event.notificationId,
        consumer_id: event.consumerId,
        channel: event.channel,
        template: event.template,
        status: 'FAILED',
        provider: event.provider,
        failure_code: event.failureCode,
        reported_at: timestamp(event.meta.occurredAt),
      }),
  },
}
