/** Which notices a consumer wants, and how. */
import type { ChangeNoticePreferences, ConsumerState } from '#schemas'
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
