import { deriveId } from '#domain/ids.ts'
import { isWanted, noticeChannels } from '#domain/notice-preferences.ts'
import type { WaitingNotice } from '#schemas'
import { type Channel, type Contact, childMeta, type NotificationRequested, type NotificationState } from '#schemas'
import { isLegal, type Language, languages, type Template } from './template.ts'
import { templateOf } from './templates.ts'

/** To whom, and by which channels. */
export type Addressee = Pick<NotificationState, 'consumerId' | 'choices' | 'undeliverable'> & {
  readonly contact: Contact
}

/** The first of our languages that the consumer's (BCP 47) begins with; English for every other. */
export function languageFor(tag: string): Language {
  const wanted = tag.toLowerCase().split('-')[0]
  return languages.find((language) => language === wanted) ?? languages[0]
}

/**
 * The messages of a notice: one for each channel that is chosen (or that the law asks for) and can reach the consumer,
 * in the consumer's language. The request id is made of event, channel and recipient, so that there is one message of
 * each.
 */
export function messagesOf(notice: WaitingNotice, to: Addressee): NotificationRequested[] {
  const template = templateOf(notice.template)
  const language = languageFor(to.contact.language)
  const { subject, body } = template.texts[language]
  const cause = { meta: notice.cause }
  return channelsOf(template, notice, to).flatMap((channel) => {
    const recipient = recipientOf(channel, to)
    if (recipient === null) return []
    return [
      {
        type: 'NotificationRequested',
        meta: childMeta('notifications', cause, 'NotificationRequested', channel, recipient),
        requestId: deriveId('ntf', notice.cause.id, channel, recipient),
        consumerId: to.consumerId,
        channel,
        recipient,
        template: notice.template,
        templateVersion: template.version,
        language,
        subject: channel === 'SMS' ? null : fill(subject, notice.facts, language),
        body: fill(body, notice.facts, language),
        legal: isLegal(template),
        codeId: notice.facts['codeId'] ?? null,
        planId: notice.planId,
        instalmentNo: notice.instalmentNo,
        attempt: 1,
      },
    ]
  })
}

/** What an address that bounced still gets: a code that was asked for, by which it is proved to work again. */
function channelsOf(template: Template, { facts }: WaitingNotice, to: Addressee): readonly Channel[] {
  const channels = wantedOf(template, to)
  if (to.undeliverable !== to.contact.email || facts['codeId'] !== undefined) return channels
  const others = channels.filter((channel) => channel !== 'EMAIL')
  if (template.channels === null || others.length === channels.length) return others
  return [...new Set([...others, fallbackOf(to.contact)])]
}

function wantedOf({ channels, category }: Template, { choices }: Addressee): readonly Channel[] {
  if (channels !== null || category === 'LEGAL' || category === 'SECURITY') return channels ?? []
  return noticeChannels.filter((channel) => isWanted(choices, category, channel))
}

/** By what a notice goes that the law asks for, where it cannot go by e-mail. */
export function fallbackOf({ phone }: Contact): Channel {
  return phone === null ? 'PUSH' : 'SMS'
}

/** A push goes to whatever devices the provider knows of the consumer; a text message needs a phone. */
export function recipientOf(
  channel: Channel,
  { consumerId, contact }: Pick<Addressee, 'consumerId' | 'contact'>,
): string | null {
  if (channel === 'EMAIL') return contact.email
  return channel === 'SMS' ? contact.phone : consumerId
}

function fill(text: string, facts: Readonly<Record<string, string>>, language: Language): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    // The code is in no record: the connector that sends the text puts it in.
    if (name === 'code') return place
    const fact = facts[`${name}.${language}`] ?? facts[name]
    if (fact === undefined) throw new Error(`The notice has no fact '${name}' for: ${text}`)
    return fact
  })
}
