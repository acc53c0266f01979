/**
 * Which notices a consumer may choose, and what holds where they chose nothing. Legal and security notices are not
 * among them: they always go out. News is off until it is asked for (consent before advertising: UWG §7, GDPR art. 7).
 */

/** What a notice is about, where the consumer may choose. */
export const noticeCategories = ['REMINDERS', 'RECEIPTS', 'ACCOUNT', 'STATEMENTS', 'NEWS'] as const
/** How a notice can come. */
export const noticeChannels = ['EMAIL', 'SMS', 'PUSH'] as const

/** A category of notices. */
export type NoticeCategoryName = (typeof noticeCategories)[number]
/** A channel of notices. */
export type NoticeChannelName = (typeof noticeChannels)[number]
/** Whether notices of a category come by a channel. */
export type NoticeWish = {
  readonly category: NoticeCategoryName
  readonly channel: NoticeChannelName
  readonly wanted: boolean
}

const defaults: Readonly<Record<NoticeCategoryName, readonly NoticeChannelName[]>> = {
  REMINDERS: ['EMAIL', 'PUSH'],
  RECEIPTS: ['EMAIL'],
  ACCOUNT: ['EMAIL'],
  STATEMENTS: ['EMAIL'],
  NEWS: [],
}

/** Whether notices of a category come by a channel: as chosen, else by the default. */
export function isWanted(
  choices: readonly NoticeWish[],
  category: NoticeCategoryName,
  channel: NoticeChannelName,
): boolean {
  const choice = choices.find((one) => one.category === category && one.channel === channel)
  return choice?.wanted ?? defaults[category].includes(channel)
}
