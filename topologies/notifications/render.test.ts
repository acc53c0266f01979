import { describe, expect, test } from 'vitest'
import { sampleMeta } from '#schemas/sample-record.ts'
import { languageFor, messagesOf } from './render.ts'
import { languages, type Template, templates } from './templates.ts'

const contact = { email: 'ada@example.com', phone: '+4915550100', language: 'de-AT', country: 'AT' }
const failed = {
  cause: sampleMeta('evt_1'),
  template: 'payment-failed',
  facts: { amount: '25.00 EUR', instalment: '2' },
}

describe('languageFor', () => {
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['EN-gb', 'en'],
    ['fr', 'en'],
    ['', 'en'],
  ])('of %j is %s', (tag, language) => expect(languageFor(tag)).toBe(language))
})

describe('messagesOf', () => {
  test('sends a legal notice by text message and by e-mail, in the consumer’s language', () => {
    expect(messagesOf(failed, 'con_1', contact)).toMatchObject([
      { channel: 'SMS', recipient: '+4915550100', language: 'de', legal: true, subject: null, templateVersion: 1 },
      {
        channel: 'EMAIL',
        recipient: 'ada@example.com',
        subject: 'Ihre Zahlung ist fehlgeschlagen',
        body: 'Ihre Zahlung über 25.00 EUR für Rate 2 ist fehlgeschlagen. Bitte nehmen Sie eine andere Karte.',
      },
    ])
  })

  test('sends it by e-mail alone where no phone is known', () => {
    const messages = messagesOf(failed, 'con_1', { ...contact, phone: null })
    expect(messages.map((message) => message.channel)).toEqual(['EMAIL'])
  })

  test('pushes to the consumer, whose devices the provider knows', () => {
    const notice = { ...failed, template: 'limit-set', facts: { limit: '600.00 EUR' } }
    const messages = messagesOf(notice, 'con_1', { ...contact, language: 'en' })
    expect(messages).toMatchObject([
      {
        channel: 'PUSH',
        recipient: 'con_1',
        subject: null,
        body: 'Your spending limit is now 600.00 EUR.',
        legal: false,
      },
    ])
  })

  test('makes one request id for each event, channel and recipient', () => {
    const ids = (notice: typeof failed, to = contact) => messagesOf(notice, 'con_1', to).map((m) => m.requestId)
    const first = ids(failed)
    expect(new Set(first).size).toBe(2)
    expect(ids(failed)).toEqual(first)
    expect(ids({ ...failed, cause: sampleMeta('evt_2') })).not.toEqual(first)
    expect(ids(failed, { ...contact, email: 'eve@example.com' })[1]).not.toBe(first[1])
  })

  test('refuses to send a text with a hole in it', () => {
    expect(() => messagesOf({ ...failed, facts: {} }, 'con_1', contact)).toThrow("no fact 'amount'")
  })
})

describe('templates', () => {
  const rows = Object.entries<Template>(templates).flatMap(([name, template]) =>
    Object.entries(template.channels).map(([channel, texts]) => [name, channel, texts] as const),
  )

  test.each(rows)('%s by %s uses the same facts in every language', (_name, _channel, texts) => {
    const factsIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()
    for (const language of languages) expect(factsIn(texts[language].body)).toEqual(factsIn(texts.en.body))
  })

  test.each(rows)('%s by %s has a subject where it is an e-mail, and only there', (_name, channel, texts) => {
    for (const language of languages) expect(texts[language].subject !== undefined).toBe(channel === 'EMAIL')
  })
})
