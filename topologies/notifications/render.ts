import { deriveId } from '#domain/ids.ts'
import { isWanted, noticeChannels } from '#domain/notice-preferences.ts'
import type { WaitingNotice } from '#schemas'
import { type Channel, type Contact, childMeta, type NotificationRequested, type NotificationState } from '#schemas'
import { isLegal, type Language, languages, type Template } from './template.ts'
import { templateOf } from './templates.ts'

/** To whom, and by which channels. */
export type Addressee = Pick<NotificationState, 'consumerId' | 'choices'> & { readonly contact: Contact }

/** A try that is not the first one: by one channel only. */
export type Again = { readonly channel: Channel | null; readonly attempt: number }

const FIRST: Again = { channel: null, attempt: 1 }

/** The first of our languages that the consumer's (BCP 47) begins with; English for every other. */
export function languageFor(tag: string): Language {
  const wanted = tag.toLowerCase().split('-')[0]
  return languages.find((language) => language === wanted) ?? languages[0]
}

/**
 * The messages of a notice: one for each channel that is chosen (or that the law asks for) and can reach the consumer,
 * in the consumer's language. The request id is made of event, channel and recipient, so that there is one message of
 * each; a further try has an id of its own.
 */
export function messagesOf(notice: WaitingNotice, to: Addressee, again: Again = FIRST): NotificationRequested[] {
  const template = templateOf(notice.template)
  const language = languageFor(to.contact.language)
  const { subject, body } = template.texts[language]
  const parts = again.attempt === 1 ? [] : [again.attempt]
  const cause = { meta: notice.cause }
  return channelsOf(template, to).flatMap((channel) => {
    const recipient = recipientOf(channel, to)
    if (recipient === null || (again.channel !== null && again.channel !== channel)) return []
    return [
      {
        type: 'NotificationRequested',
        meta: childMeta('notifications', cause, 'NotificationRequested', channel, recipient, ...parts),
        requestId: deriveId('ntf', notice.cause.id, channel, recipient, ...parts),
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
      },
    ]
  })
}

function channelsOf({ channels, category }: Template, { choices }: Addressee): readonly Channel[] {
  if (channels !== null || category === 'LEGAL' || category === 'SECURITY') return channels ?? []
  return noticeChannels.filter((channel) => isWanted(choices, category, channel))
}

/** A push goes to whatever devices the provider knows of the consumer; a text message needs a phone. */
function recipientOf(channel: Channel, { consumerId, contact }: Addressee): string | null {
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
