/** The rows of the table of settings that say who sends notices: two providers a channel, and their order. */
import type { Setting } from './settings-table.ts'

const HTTP = { kind: 'url', protocols: ['http', 'https'] } as const
const SMTP = { kind: 'url', protocols: ['smtp', 'smtps'] } as const

/** The rows. */
export const NOTICE_PROVIDER_SETTINGS = [
  {
    name: 'SMTP_URL',
    group: 'Providers',
    type: SMTP,
    default: null,
    secret: true,
    description: 'Mail server. Not set: the sandbox.',
  },
  {
    name: 'SMTP_2_URL',
    group: 'Providers',
    type: SMTP,
    default: null,
    secret: true,
    description: 'A second mail server. Not set: a second sandbox where SMTP_URL is not set either, else none.',
  },
  {
    name: 'SMTP_FIRST',
    group: 'Providers',
    type: { kind: 'choice', of: ['1', '2'] },
    default: '1',
    description: 'Which of two mail servers is asked first; the other one takes over where it is away.',
  },
  {
    name: 'MAIL_WEBHOOK_SECRET',
    group: 'Providers',
    type: { kind: 'text' },
    default: null,
    secret: true,
    description: 'Signs what mail servers say of bounces and complaints. Not set: made once and kept in DATA_DIR.',
  },
  {
    name: 'SMS_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'SMS provider. Not set: the sandbox.',
  },
  {
    name: 'SMS_2_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'A second SMS provider. Not set: a second sandbox where SMS_URL is not set either, else none.',
  },
  {
    name: 'SMS_FIRST',
    group: 'Providers',
    type: { kind: 'choice', of: ['1', '2'] },
    default: '1',
    description: 'Which of two SMS providers is asked first; the other one takes over where it is away.',
  },
  {
    name: 'PUSH_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'Push provider. Not set: the sandbox.',
  },
  {
    name: 'PUSH_2_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'A second push provider. Not set: a second sandbox where PUSH_URL is not set either, else none.',
  },
  {
    name: 'PUSH_FIRST',
    group: 'Providers',
    type: { kind: 'choice', of: ['1', '2'] },
    default: '1',
    description: 'Which of two push providers is asked first; the other one takes over where it is away.',
  },
] as const satisfies readonly Setting[]
