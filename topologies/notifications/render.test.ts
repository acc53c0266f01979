import { describe, expect, test } from 'vitest'
import { sampleMeta } from '#schemas/sample-record.ts'
import { languageFor, messagesOf } from './render.ts'
import { languages, type Template } from './template.ts'
import { templateOf, templates } from './templates.ts'

const contact = {
  ...{ email: 'ada@example.com', phone: '+4915550100', language: 'de-AT', country: 'AT' },
  timeZone: 'Europe/Vienna',
}
const to = { consumerId: 'con_1', contact, choices: [], undeliverable: null }
const failed = {
  cause: sampleMeta('evt_1'),
  template: 'payment-failed',
  facts: { amount: '25.00 EUR', instalment: '2' } as Record<string, string>,
  planId: 'pln_1',
  instalmentNo: 2,
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
    expect(messagesOf(failed, to)).toMatchObject([
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
    const messages = messagesOf(failed, { ...to, contact: { ...contact, phone: null } })
    expect(messages.map((message) => message.channel)).toEqual(['EMAIL'])
  })

  test('pushes to the consumer, whose devices the provider knows', () => {
    const notice = { ...failed, template: 'limit-set', facts: { limit: '600.00 EUR' } }
    const choices = [
      { category: 'ACCOUNT', channel: 'PUSH', wanted: true },
      { category: 'ACCOUNT', channel: 'EMAIL', wanted: false },
    ] as const
    const messages = messagesOf(notice, { ...to, choices: [...choices], contact: { ...contact, language: 'en' } })
    expect(messages).toMatchObject([
      {
        channel: 'PUSH',
        recipient: 'con_1',
        subject: 'Your spending limit',
        body: 'Your spending limit is now 600.00 EUR.',
        legal: false,
      },
    ])
  })

  test('sends nothing by e-mail to an address that bounced, and a legal notice by another channel', () => {
    const channels = (template: string, phone: string | null, facts = failed.facts) => {
      const bounced = { ...to, contact: { ...contact, phone }, undeliverable: contact.email }
      return messagesOf({ ...failed, template, facts }, bounced).map(({ channel }) => channel)
    }
    expect(channels('payment-failed', '+4915550100')).toEqual(['SMS'])
    expect(channels('payment-failed', null)).toEqual(['PUSH'])
    expect(channels('written-off', '+4915550100')).toEqual(['SMS'])
    expect(channels('written-off', null)).toEqual(['PUSH'])
    expect(channels('limit-set', null, { limit: '600.00 EUR' })).toEqual([])
    // A code that was asked for is how the address is proved to work again.
    expect(channels('code-email', null, { codeId: 'cod_1' })).toEqual(['EMAIL'])
    expect(channels('password-changed', null)).toEqual(['PUSH'])
  })

  test('makes one request id for each event, channel and recipient', () => {
    const ids = (notice: typeof failed, of = contact) =>
      messagesOf(notice, { ...to, contact: of }).map((m) => m.requestId)
    const first = ids(failed)
    expect(new Set(first).size).toBe(2)
    expect(ids(failed)).toEqual(first)
    expect(ids({ ...failed, cause: sampleMeta('evt_2') })).not.toEqual(first)
    expect(ids(failed, { ...contact, email: 'eve@example.com' })[1]).not.toBe(first[1])
  })

  test('refuses to send a text with a hole in it', () => {
    expect(() => messagesOf({ ...failed, facts: {} }, to)).toThrow("no fact 'amount'")
  })
})

describe('templates', () => {
  const rows = Object.entries<Template>(templates)

  test.each(rows)('%s uses the same facts in every language, and has a subject', (_name, { texts }) => {
    const factsIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()
    for (const language of languages) {
      const { subject, body } = texts[language]
      expect(factsIn(body)).toEqual(factsIn(texts.en.body))
      expect(factsIn(body).join()).toContain(factsIn(subject).join())
      expect(subject).not.toBe('')
    }
    expect(texts.de.body).not.toBe(texts.en.body)
  })

  test('of codes and alarms break the quiet hours, and so do answers to who asks at a checkout', () => {
    const breaking = rows.filter(([, { quietHours }]) => quietHours === 'broken').map(([name]) => name)
    expect(breaking.sort()).toEqual([
      ...['account-exists', 'code-email', 'code-password', 'code-phone', 'code-registration', 'password-changed'],
      ...['purchase-authorised', 'purchase-declined', 'review-requested'],
    ])
  })

  test('are not found by a name that was never given', () => {
    expect(() => templateOf('toString')).toThrow("no template 'toString'")
  })
})
