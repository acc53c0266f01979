import type { NotificationRequested } from '#schemas'

/** What is sent for a notice; its recipient is the consumer, whose devices the provider knows. */
export function pushBody({ recipient, subject, body }: NotificationRequested) {
  return { to: recipient, title: subject ?? '', text: body }
}
