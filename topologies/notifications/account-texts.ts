/** What is said of the account: identity, limit, codes. {code} is put in when the text is sent. */
import { chosen, security, type Template, text } from './template.ts'

/** The templates by name. */
export const accountTexts = {
  'identity-approved': chosen('ACCOUNT', {
    en: text('Your identity is verified', 'Your identity is verified. You can pay later from now on.'),
    de: text('Ihre Identität ist bestätigt', 'Ihre Identität ist bestätigt. Sie können ab jetzt später zahlen.'),
  }),
  'identity-declined': chosen('ACCOUNT', {
    en: text('We could not verify your identity', 'We could not verify your identity, so you cannot pay later.'),
    de: text(
      'Wir konnten Ihre Identität nicht bestätigen',
      'Wir konnten Ihre Identität nicht bestätigen, deshalb können Sie nicht später zahlen.',
    ),
  }),
  'identity-review': chosen('ACCOUNT', {
    en: text(
      'We are looking at your documents',
      'A person looks at your documents. We write again as soon as that is done.',
    ),
    de: text(
      'Wir prüfen Ihre Unterlagen',
      'Ein Mensch prüft Ihre Unterlagen. Wir schreiben wieder, sobald das getan ist.',
    ),
  }),
  'identity-expired': chosen('ACCOUNT', {
    en: text('Please verify your identity again', 'Your identity check got no answer in time. Please start it again.'),
    de: text(
      'Bitte bestätigen Sie Ihre Identität noch einmal',
      'Ihre Identitätsprüfung blieb ohne Antwort. Bitte beginnen Sie sie noch einmal.',
    ),
  }),
  'limit-set': chosen(
    'ACCOUNT',
    {
      en: text('Your spending limit', 'Your spending limit is now {limit}.'),
      de: text('Ihr Einkaufsrahmen', 'Ihr Einkaufsrahmen beträgt jetzt {limit}.'),
    },
    { version: 2 },
  ),
  // An invitation to spend more is advertising: only for those who asked for it.
  'limit-raised': chosen('NEWS', {
    en: text('You can spend more', 'Your spending limit rose from {before} to {limit}.'),
    de: text('Ihr Rahmen ist größer', 'Ihr Einkaufsrahmen ist von {before} auf {limit} gestiegen.'),
  }),
  'statement-ready': chosen('STATEMENTS', {
    en: text(
      'Your statement of {month}',
      'Your statement of {month} is ready in your wallet. You owe {owed}; {due} of it is due until {date}.',
    ),
    de: text(
      'Ihr Kontoauszug für {month}',
      'Ihr Kontoauszug für {month} liegt bereit. Offen sind {owed}, davon {due} fällig bis zum {date}.',
    ),
  }),
  'code-registration': security(['EMAIL'], {
    en: text(
      'Open your account',
      'Your code is {code}. It is good for ten minutes and opens your account. If you did not ask for it, do ' +
        'nothing: without it no account is opened.',
    ),
    de: text(
      'Ihr Konto eröffnen',
      'Ihr Code ist {code}. Er gilt zehn Minuten und eröffnet Ihr Konto. Wenn Sie ihn nicht verlangt haben, brauchen ' +
        'Sie nichts zu tun: Ohne ihn wird kein Konto eröffnet.',
    ),
  }),
  'account-exists': security(['EMAIL'], {
    en: text(
      'You have an account already',
      'Somebody tried to open an account with this e-mail address, which has one. If that was you, sign in; if you ' +
        'have forgotten your password, have a code sent to set a new one. If it was not you, do nothing: nobody was ' +
        'told that you have an account, and nothing of it was changed.',
    ),
    de: text(
      'Sie haben bereits ein Konto',
      'Jemand wollte mit dieser E-Mail-Adresse ein Konto eröffnen; es gibt aber schon eines. Wenn Sie das waren, ' +
        'melden Sie sich an; wenn Sie Ihr Passwort vergessen haben, lassen Sie sich einen Code für ein neues ' +
        'schicken. Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Niemand hat erfahren, dass Sie ein Konto ' +
        'haben, und nichts daran wurde geändert.',
    ),
  }),
  'code-email': security(['EMAIL'], {
    en: text(
      'Confirm your e-mail address',
      'Your code is {code}. It is good for ten minutes. If you did not ask for it, do nothing.',
    ),
    de: text(
      'Bestätigen Sie Ihre E-Mail-Adresse',
      'Ihr Code ist {code}. Er gilt zehn Minuten. Wenn Sie ihn nicht verlangt haben, brauchen Sie nichts zu tun.',
    ),
  }),
  'code-phone': security(['SMS'], {
    en: text('Your code', 'Your code is {code}. It is good for ten minutes. Do not tell it to anybody.'),
    de: text('Ihr Code', 'Ihr Code ist {code}. Er gilt zehn Minuten. Geben Sie ihn niemandem.'),
  }),
  'code-password': security(['EMAIL'], {
    en: text(
      'Set a new password',
      'Your code is {code}. It is good for ten minutes. If you did not ask for it, do nothing: your password is as ' +
        'it was.',
    ),
    de: text(
      'Neues Passwort festlegen',
      'Ihr Code ist {code}. Er gilt zehn Minuten. Wenn Sie ihn nicht verlangt haben, brauchen Sie nichts zu tun: ' +
        'Ihr Passwort bleibt, wie es war.',
    ),
  }),
  'password-changed': security(['EMAIL'], {
    en: text(
      'Your password was changed',
      'Your password was changed, and you are signed out everywhere else. If that was not you, set a new one now.',
    ),
    de: text(
      'Ihr Passwort wurde geändert',
      'Ihr Passwort wurde geändert, und Sie sind überall sonst abgemeldet. Wenn Sie das nicht waren, legen Sie ' +
        'jetzt ein neues fest.',
    ),
  }),
} as const satisfies Readonly<Record<string, Template>>
