import { describe, expect, test } from 'vitest'
import type { NoticeChoice } from '#schemas'
import { given } from '#streams/testing'
import { consumer } from './consumer.ts'
import { meta, register } from './consumer-samples.ts'

const choose = (choices: NoticeChoice[]) => ({
  ...({ type: 'ChangeNoticePreferences', meta: meta('cmd_choose'), consumerId: 'con_1', choices } as const),
})
const reminders = (channel: NoticeChoice['channel'], wanted: boolean): NoticeChoice => ({
  ...{ category: 'REMINDERS', channel, wanted },
})

describe('notice preferences', () => {
  const registered = given(consumer, 'con_1').after(register())

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
      .after(register({ phone: '+14155550100' }))
      .when(texts)
      .gives({ type: 'NoticePreferencesChanged' })
    given(consumer, 'con_1').when(texts).gives({ type: 'ConsumerCommandRefused', code: 'CONSUMER_UNKNOWN' })
  })
})
