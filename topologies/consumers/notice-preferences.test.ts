import { describe, expect, test } from 'vitest'
import type { NoticeChoice } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { RESEND_MS } from './code-machine.ts'
import { consumer } from './consumer.ts'
import { meta, opening, requestCode, T0 } from './consumer-samples.ts'

const choose = (choices: NoticeChoice[]) => ({
  ...({ type: 'ChangeNoticePreferences', meta: meta('cmd_choose'), consumerId: 'con_1', choices } as const),
})
const reminders = (channel: NoticeChoice['channel'], wanted: boolean): NoticeChoice => ({
  ...{ category: 'REMINDERS', channel, wanted },
})

describe('notice preferences', () => {
  const registered = given(consumer, 'con_1').after(...opening())

  test('are kept as chosen, in place of those before', () => {
    const first = registered.when(choose([reminders('PUSH', false)]))
    first.gives({ type: 'NoticePreferencesChanged', choices: [reminders('PUSH', false)] })
    const second = registered.after(choose([reminders('PUSH', false)])).when(choose([reminders('EMAIL', true)]))
    expect(second.state.noticeChoices).toEqual([reminders('EMAIL', true)])
  })

  test('hold the last word where one is chosen twice', () => {
    registered
      .when(choose([reminders('PUSH', false), reminders('PUSH', true)]))
      .gives({ type: 'NoticePreferencesChanged', choices: [reminders('PUSH', true)] })
  })

  test('need a phone number for text messages, and an account', () => {
    const texts = choose([reminders('SMS', true)])
    registered.when(texts).gives({ type: 'ConsumerCommandRefused', code: 'PHONE_MISSING' })
    given(consumer, 'con_1')
      .after(...opening({ phone: '+14155550100' }))
      .when(texts)
      .gives({ type: 'NoticePreferencesChanged' })
    given(consumer, 'con_1').when(texts).gives({ type: 'ConsumerCommandRefused', code: 'CONSUMER_UNKNOWN' })
  })
})

describe('what comes back from an address', () => {
  const meta1 = meta('evt_back')
  const returned = (trouble: 'COMPLAINT' | 'SOFT_BOUNCE') =>
    sampleRecord('NotificationReturned', { meta: meta1, consumerId: 'con_1', trouble })
  const news = (channel: NoticeChoice['channel'], wanted: boolean): NoticeChoice => ({
    ...{ category: 'NEWS', channel, wanted },
  })
  const wanting = given(consumer, 'con_1').after(...opening(), choose([news('EMAIL', true), reminders('PUSH', false)]))

  test('a complaint takes the wish for news back, and nothing else', () => {
    const choices = [reminders('PUSH', false), news('EMAIL', false), news('SMS', false), news('PUSH', false)]
    wanting.when(returned('COMPLAINT')).gives({ type: 'NoticePreferencesChanged', choices })
    wanting.when(returned('SOFT_BOUNCE')).givesNothing()
    given(consumer, 'con_1').when(returned('COMPLAINT')).givesNothing()
  })

  test('an address that bounced is not proved any more, and can be proved again', () => {
    const bounced = sampleRecord('AddressUndeliverable', {
      ...{ meta: meta1, consumerId: 'con_1', address: 'lena@example.com', reason: 'no_such_mailbox' },
    })
    const proved = given(consumer, 'con_1').after(...opening())
    const decided = proved.when(bounced).gives({ type: 'ContactDoubted', purpose: 'EMAIL', reason: 'no_such_mailbox' })
    expect(decided.state.emailVerifiedAt).toBeNull()
    proved
      .after(bounced)
      .when(requestCode('cod_2', 'EMAIL', T0 + RESEND_MS))
      .gives({ type: 'CodeIssued' }, { type: 'CodeKept' })
    proved.when({ ...bounced, address: 'old@example.com' }).givesNothing()
  })
})
