import { z } from '@hono/zod-openapi'
import {
  isWanted,
  type NoticeCategoryName,
  type NoticeChannelName,
  type NoticeWish,
  noticeCategories,
  noticeChannels,
} from '#domain/notice-preferences.ts'

const channel = (what: string) => z.boolean().openapi({ description: `Whether they come ${what}.` })

const fields = {
  EMAIL: channel('by e-mail'),
  SMS: channel('as text messages; needs a phone number'),
  PUSH: channel('as push messages'),
}

const about: Readonly<Record<NoticeCategoryName, string>> = {
  REMINDERS: 'Payments that will be due or are tried again. Default: e-mail and push.',
  RECEIPTS: 'Purchases, payments, refunds and schedules. Default: e-mail.',
  ACCOUNT: 'Identity and spending limit. Default: e-mail.',
  STATEMENTS: 'That a statement is ready. Default: e-mail.',
  NEWS: 'Offers, such as a raised limit. Default: none.',
}

const Wish = z.strictObject(fields).partial().openapi('NoticeWish')

/** What is chosen of notices: what is left out is as the default says. */
export const NoticeWishes = z
  .strictObject({
    REMINDERS: Wish.optional(),
    RECEIPTS: Wish.optional(),
    ACCOUNT: Wish.optional(),
    STATEMENTS: Wish.optional(),
    NEWS: Wish.optional(),
  } satisfies Record<NoticeCategoryName, unknown>)
  .openapi('NoticeWishes')

const shown = (category: NoticeCategoryName) =>
  z.object(fields).openapi('NoticeChannels').openapi({ description: about[category] })

/** Which notices come by which channel. Legal and security notices are not among them: they always come. */
export const NoticePreferencesView = z
  .object({
    REMINDERS: shown('REMINDERS'),
    RECEIPTS: shown('RECEIPTS'),
    ACCOUNT: shown('ACCOUNT'),
    STATEMENTS: shown('STATEMENTS'),
    NEWS: shown('NEWS'),
  } satisfies Record<NoticeCategoryName, unknown>)
  .openapi('NoticePreferences')

/** The choices of a body. */
export function wishesOf(body: z.infer<typeof NoticeWishes>): NoticeWish[] {
  return noticeCategories.flatMap((category) =>
    noticeChannels.flatMap((name) => {
      const wanted = body[category]?.[name]
      return wanted === undefined ? [] : [{ category, channel: name, wanted }]
    }),
  )
}

/** What holds by the choices and the defaults. */
export function preferencesShown(choices: readonly NoticeWish[]): z.infer<typeof NoticePreferencesView> {
  const of = (category: NoticeCategoryName) => {
    const row = (name: NoticeChannelName) => isWanted(choices, category, name)
    return { EMAIL: row('EMAIL'), SMS: row('SMS'), PUSH: row('PUSH') }
  }
  return {
    ...{ REMINDERS: of('REMINDERS'), RECEIPTS: of('RECEIPTS'), ACCOUNT: of('ACCOUNT') },
    ...{ STATEMENTS: of('STATEMENTS'), NEWS: of('NEWS') },
  }
}
