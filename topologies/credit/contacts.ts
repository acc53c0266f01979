/**
 * Which contacts a consumer has proved, and which the policy wants before a purchase: money is lent to those who can be
 * reached. Whoever had an account before this was listened to is not asked.
 */
import type { ContactDoubted, ContactVerified, CreditState } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import type { ReasonCode } from './reasons.ts'

/** What is heard of a contact: it was proved, or mail to it has come back. */
export type ContactNews = ContactVerified | ContactDoubted

/** A contact that can be proved. */
export type Contact = (typeof CONTACTS)[number]

const CONTACTS = ['EMAIL', 'PHONE'] as const

const REASONS: Readonly<Record<Contact, ReasonCode>> = { EMAIL: 'EMAIL_NOT_CONFIRMED', PHONE: 'PHONE_NOT_CONFIRMED' }

/** The state after news of a contact. */
export function withContact(state: CreditState, { type, purpose }: ContactNews): CreditState {
  // Of an account from before, all that is known is what is doubted now.
  if (state.verifiedContacts === null && type === 'ContactVerified') return state
  const others = (state.verifiedContacts ?? CONTACTS).filter((contact) => contact !== purpose)
  return { ...state, verifiedContacts: type === 'ContactVerified' ? [...others, purpose] : others }
}

/** A reason for each contact that the policy wants and the consumer has not proved. */
export function contactReasons(
  { requiredContacts }: CreditPolicy,
  { verifiedContacts }: CreditState,
): readonly ReasonCode[] {
  if (verifiedContacts === null) return []
  return requiredContacts.filter((contact) => !verifiedContacts.includes(contact)).map((contact) => REASONS[contact])
}
