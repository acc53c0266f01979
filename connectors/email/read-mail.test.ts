import { expect, test } from 'vitest'
import { readMail } from './read-mail.ts'

const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8')

test.each<[string, Buffer, string, string]>([
  ['as it is', mail('Subject: Hello', '', 'One', 'two'), 'Hello', 'One\ntwo'],
  [
    'folded and quoted',
    mail(
      'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_und?=',
      ' =?UTF-8?Q?_Dank?=',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=C3=BC=',
      '=C3=9Fe =E2=82=AC',
    ),
    'Grüße und Dank',
    'Grüße €',
  ],
  [
    'base64',
    mail('subject: =?utf-8?B?4oKs?=', 'content-transfer-encoding: BASE64', '', 'R3LDvMOf', 'ZQ=='),
    '€',
    'Grüße',
  ],
  ['without a body', mail('Subject: Hello'), 'Hello', ''],
  ['without a subject', mail('From: a@example.com', '', 'Text'), '', 'Text'],
])('reads a mail that is %s', (_, raw, subject, text) => {
  expect(readMail(raw)).toMatchObject({ subject, text })
})
