/** Which notices a consumer wants, how, and what is learned from those that come back. */
import { noticeChannels } from '#domain/notice-preferences.ts'
import type {
  AddressUndeliverable,
  ChangeNoticePreferences,
  ConsumerState,
  NoticeChoice,
  NotificationReturned,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { type ConsumerFact, refused, SOURCE, unknown } from './facts.ts'

/** Takes what was chosen in place of all that was chosen before; the last word on a category and channel counts. */
export function changeNoticePreferences(
  state: ConsumerState,
  command: ChangeNoticePreferences,
): readonly ConsumerFact[] {
  const { profile } = state
  if (profile === null) return [unknown(command)]
  const wantsTexts = command.choices.some(({ channel, wanted }) => channel === 'SMS' && wanted)
  if (wantsTexts && profile.phone === null) {
    const detail = 'The account has no phone number for text messages. Choose e-mail or push.'
    return [refused(command, 'PHONE_MISSING', detail)]
  }
  const choices = new Map(command.choices.map((choice) => [`${choice.category}/${choice.channel}`, choice]))
  const meta = childMeta(SOURCE, command, 'NoticePreferencesChanged')
  const { consumerId } = command
  return [{ type: 'NoticePreferencesChanged', meta, consumerId, choices: [...choices.values()] }]
}

/** Who calls our mail spam gets no more advertising, whatever they chose before. */
export function takeComplaint(state: ConsumerState, returned: NotificationReturned): readonly ConsumerFact[] {
  if (returned.trouble !== 'COMPLAINT' || state.profile === null) return []
  const rest = state.noticeChoices.filter(({ category }) => category !== 'NEWS')
  const none = noticeChannels.map((channel): NoticeChoice => ({ category: 'NEWS', channel, wanted: false }))
  const meta = childMeta(SOURCE, returned, 'NoticePreferencesChanged')
  const { consumerId } = returned
  return [{ type: 'NoticePreferencesChanged', meta, consumerId, choices: [...rest, ...none] }]
}

/** An address from which mail comes back has to be proved anew. */
export function doubtAddress(state: ConsumerState, event: AddressUndeliverable): readonly ConsumerFact[] {
  const { consumerId, address, reason } = event
  if (state.profile?.email !== address) return []
  const meta = childMeta(SOURCE, event, 'ContactDoubted')
  return [{ type: 'ContactDoubted', meta, consumerId, purpose: 'EMAIL', reason }]
}
