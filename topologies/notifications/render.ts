import { deriveId } from '#domain/ids.ts'
import { type Channel, type Contact, childMeta, type Envelope, type NotificationRequested } from '#schemas'
import { type Language, languages, type Template, type TemplateName, templates } from './templates.ts'

/** A notice with the envelope of the event it tells of. */
export type NoticeOfEvent = {
  readonly cause: Envelope
  readonly template: string
  readonly facts: Readonly<Record<string, string>>
}

/** The first of our languages that the consumer's (BCP 47) begins with; English for every other. */
export function languageFor(tag: string): Language {
  const wanted = tag.toLowerCase().split('-')[0]
  return languages.find((language) => language === wanted) ?? languages[0]
}

/**
 * The messages of a notice: one for each channel that can reach the consumer, in the consumer's language. The request
 * id is made of event, channel and recipient, so that there is one message of each.
 */
export function messagesOf(notice: NoticeOfEvent, consumerId: string, contact: Contact): NotificationRequested[] {
  const template: Template = templates[notice.template as TemplateName]
  const language = languageFor(contact.language)
  return Object.entries(template.channels).flatMap(([name, texts]) => {
    const channel = name as Channel
    const recipient = recipientOf(channel, consumerId, contact)
    if (recipient === null) return []
    const { subject, body } = texts[language]
    return [
      {
        type: 'NotificationRequested',
        meta: childMeta('notifications', { meta: notice.cause }, 'NotificationRequested', channel, recipient),
        requestId: deriveId('ntf', notice.cause.id, channel, recipient),
        consumerId,
        channel,
        recipient,
        template: notice.template,
        templateVersion: template.version,
        language,
        subject: subject === undefined ? null : fill(subject, notice.facts, language),
        body: fill(body, notice.facts, language),
        legal: template.legal,
        codeId: notice.facts['codeId'] ?? null,
      },
    ]
  })
}

/** A push goes to whatever devices the provider knows of the consumer; a text message needs a phone. */
function recipientOf(channel: Channel, consumerId: string, contact: Contact): string | null {
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
