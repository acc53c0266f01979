import type { NotificationRequested } from '#schemas'

/** What is sent for a notice. */
export function smsBody({ recipient, body }: NotificationRequested): { readonly to: string; readonly text: string } {
  return { to: recipient, text: body }
}
