/**
 * What a template is. A `{name}` in its texts is a fact of the notice; a fact named `reasons.de` stands for `{reasons}`
 * in German. A text that changes gets the next version: a sent notice keeps the one it went out with.
 */
import type { NoticeCategoryName } from '#domain/notice-preferences.ts'
import type { Channel } from '#schemas'

/** The languages there are texts in; the first one is for everyone else. */
export const languages = ['en', 'de'] as const
/** A language there are texts in. */
export type Language = (typeof languages)[number]

/** A text in one language; a text message has no room for the subject. */
export type Text = { readonly subject: string; readonly body: string }
/** A text in every language. */
export type Texts = Readonly<Record<Language, Text>>

/** A notice: why it is sent, when and how it may be, and its words. */
export type Template = {
  readonly version: number
  /** LEGAL and SECURITY ignore what the consumer chose. */
  readonly category: NoticeCategoryName | 'LEGAL' | 'SECURITY'
  /** By which channels a notice goes that nobody can choose; null where the consumer chooses. */
  readonly channels: readonly Channel[] | null
  /** `broken`: it goes out at any hour, because the consumer waits for it or must act at once. */
  readonly quietHours: 'held' | 'broken'
  /** It asks for a payment, and so has no point once that is paid, moved or given up. */
  readonly asks: boolean
  readonly texts: Texts
}

type More = Partial<Pick<Template, 'version' | 'quietHours' | 'asks'>>

/** A notice of a category that the consumer may choose. */
export function chosen(category: NoticeCategoryName, texts: Texts, more: More = {}): Template {
  return { version: 1, category, channels: null, quietHours: 'held', asks: false, texts, ...more }
}

/** A notice that the law asks for. */
export function legal(channels: readonly Channel[], texts: Texts, more: More = {}): Template {
  return { version: 1, category: 'LEGAL', channels, quietHours: 'held', asks: false, texts, ...more }
}

/** A code or an alarm: it goes out at once, whatever the hour and the preferences. */
export function security(channels: readonly Channel[], texts: Texts): Template {
  return { version: 1, category: 'SECURITY', channels, quietHours: 'broken', asks: false, texts }
}

/** A text with its subject. */
export function text(subject: string, body: string): Text {
  return { subject, body }
}

/** Whether preferences cannot keep it back. */
export function isLegal({ channels }: Template): boolean {
  return channels !== null
}
