import { type Projection, patch, put, timestamp } from '../projection.ts'

export const consumers: Projection = {
  table: 'consumers',
  key: ['consumer_id'],
  rules: {
    ConsumerRegistered: (event) =>
      put({
        consumer_id: event.consumerId,
        email: event.email,
        phone: event.phone,
        given_name: event.givenName,
        family_name: event.familyName,
        date_of_birth: event.dateOfBirth,
        country: event.country,
        time_zone: event.timeZone,
        language: event.language,
        registered_at: timestamp(event.meta.occurredAt),
      }),
    ContactVerified: ({ consumerId, purpose, meta }) => {
      const at = timestamp(meta.occurredAt)
      const proved = purpose === 'EMAIL' ? { email_verified_at: at } : { phone_verified_at: at }
      return patch({ consumer_id: consumerId, ...proved })
    },
    ContactDoubted: ({ consumerId, purpose }) =>
      patch({ consumer_id: consumerId, [purpose === 'EMAIL' ? 'email_verified_at' : 'phone_verified_at']: null }),
    KycStatusChanged: (event) =>
      patch({
        consumer_id: event.consumerId,
        kyc_status: event.status,
        kyc_check_id: event.checkId,
        kyc_final: event.final,
        kyc_reasons: event.reasons,
      }),
  },
}
