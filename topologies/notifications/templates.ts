/**
 * What the platform says to consumers, as data. A `{name}` is a fact of the notice; a fact named `reasons.de` stands
 * for `{reasons}` in German. A text that changes gets the next version: a sent notice keeps the one it went out with.
 */
import type { Channel } from '#schemas'

/** The languages there are texts in; the first one is for everyone else. */
export const languages = ['en', 'de'] as const
/** A language there are texts in. */
export type Language = (typeof languages)[number]

/** A text in one language; only an e-mail has a subject. */
export type Text = { readonly subject?: string; readonly body: string }
/** A text in every language. */
export type Texts = Readonly<Record<Language, Text>>

/** A notice: the channels it goes out by, and the text of each. A legal notice ignores marketing preferences. */
export type Template = {
  readonly version: number
  readonly legal: boolean
  readonly channels: Readonly<Partial<Record<Channel, Texts>>>
}

/** The templates by name. */
export const templates = {
  'purchase-authorised': email({
    en: {
      subject: 'Your purchase at {merchant}: {amount}',
      body: 'Your purchase of {amount} at {merchant} is approved. Your payment dates follow when the merchant ships.',
    },
    de: {
      subject: 'Ihr Einkauf bei {merchant}: {amount}',
      body: 'Ihr Einkauf über {amount} bei {merchant} ist bewilligt. Ihre Zahlungstermine folgen mit dem Versand.',
    },
  }),
  'review-requested': legalEmail({
    en: {
      subject: 'A person will look at the refusal at {merchant}',
      body: 'We have your request. A person looks at the refusal of your purchase at {merchant} by {date}.',
    },
    de: {
      subject: 'Ein Mensch sieht sich die Ablehnung bei {merchant} an',
      body: 'Ihre Anfrage ist da. Ein Mensch prüft die Ablehnung Ihres Einkaufs bei {merchant} bis zum {date}.',
    },
  }),
  'review-upheld': legalEmail({
    en: {
      subject: 'The refusal at {merchant} stands',
      body: 'A person has looked at the refusal of {amount} at {merchant}. It stands: {reason}',
    },
    de: {
      subject: 'Die Ablehnung bei {merchant} bleibt bestehen',
      body: 'Ein Mensch hat die Ablehnung von {amount} bei {merchant} geprüft. Sie bleibt bestehen: {reason}',
    },
  }),
  'review-overturned': legalEmail({
    en: {
      subject: 'You can buy at {merchant} after all',
      body:
        'A person has looked at the refusal at {merchant}. Until {date} you can buy there for up to {amount}: ' +
        '{reason}',
    },
    de: {
      subject: 'Sie können bei {merchant} doch einkaufen',
      body:
        'Ein Mensch hat die Ablehnung bei {merchant} geprüft. Bis zum {date} können Sie dort für bis zu {amount} ' +
        'einkaufen: {reason}',
    },
  }),
  'purchase-declined': legalEmail({
    en: {
      subject: 'We could not approve your purchase at {merchant}',
      body:
        'We could not approve your purchase of {amount} at {merchant}. The principal reasons:\n{reasons}\n' +
        'You can ask us to have a person look at this decision.',
    },
    de: {
      subject: 'Wir konnten Ihren Einkauf bei {merchant} nicht bewilligen',
      body:
        'Wir konnten Ihren Einkauf über {amount} bei {merchant} nicht bewilligen. ' +
        'Die wesentlichen Gründe:\n{reasons}\nSie können verlangen, dass ein Mensch diese Entscheidung prüft.',
    },
  }),
  'payment-received': push({
    en: { body: 'We received {amount} for instalment {instalment}. Left to pay on this plan: {left}.' },
    de: { body: 'Wir haben {amount} für Rate {instalment} erhalten. Noch offen in diesem Plan: {left}.' },
  }),
  'payment-retry': push({
    en: { body: 'Your payment of {amount} for instalment {instalment} did not go through. We try again on {date}.' },
    de: {
      body: 'Ihre Zahlung über {amount} für Rate {instalment} kam nicht zustande. Wir versuchen es am {date} erneut.',
    },
  }),
  'payment-failed': urgent(
    {
      en: 'Your payment of {amount} for instalment {instalment} failed. Please pay by another card.',
      de: 'Ihre Zahlung über {amount} für Rate {instalment} ist fehlgeschlagen. Bitte nehmen Sie eine andere Karte.',
    },
    { en: 'Your payment failed', de: 'Ihre Zahlung ist fehlgeschlagen' },
  ),
  'instalment-overdue': urgent(
    {
      en: 'Instalment {instalment} was due on {date} and {amount} is still open. New purchases wait until it is paid.',
      de: 'Rate {instalment} war am {date} fällig, und {amount} sind noch offen. Neue Einkäufe ruhen bis dahin.',
    },
    { en: 'A payment is overdue', de: 'Eine Zahlung ist überfällig' },
  ),
  'late-fee': urgent(
    {
      en: 'A late fee of {amount} was added to instalment {instalment}. Left to pay on this plan: {left}.',
      de: 'Für Rate {instalment} fiel eine Mahngebühr von {amount} an. Noch offen in diesem Plan: {left}.',
    },
    { en: 'A late fee was added', de: 'Eine Mahngebühr ist angefallen' },
  ),
  refund: email({
    en: {
      subject: 'Your refund of {amount}',
      body:
        'The merchant gave you back {amount}: {reduced} off your plan, {returned} to your card. ' +
        'Your payments now:\n{schedule}',
    },
    de: {
      subject: 'Ihre Erstattung über {amount}',
      body:
        'Der Händler hat {amount} erstattet: {reduced} von Ihrem Plan, {returned} auf Ihre Karte. ' +
        'Ihre Zahlungen jetzt:\n{schedule}',
    },
  }),
  'payment-moved': email({
    en: {
      subject: 'Your payment moved to {date}',
      body: 'Instalment {instalment} is now due on {date}. Your payments now:\n{schedule}',
    },
    de: {
      subject: 'Ihre Zahlung wurde auf den {date} verlegt',
      body: 'Rate {instalment} ist jetzt am {date} fällig. Ihre Zahlungen jetzt:\n{schedule}',
    },
  }),
  'late-fee-back': push({
    en: { body: 'We took back {amount} of late fees on instalment {instalment}. Left to pay on this plan: {left}.' },
    de: { body: 'Wir haben {amount} Mahngebühr für Rate {instalment} erlassen. Noch offen in diesem Plan: {left}.' },
  }),
  hardship: legalEmail({
    en: {
      subject: 'Your new payment plan',
      body: 'We agreed on new payments for what was past due. Your payments now:\n{schedule}',
    },
    de: {
      subject: 'Ihr neuer Zahlungsplan',
      body: 'Für das Überfällige haben wir neue Zahlungen vereinbart. Ihre Zahlungen jetzt:\n{schedule}',
    },
  }),
  'payment-undone': legalEmail({
    en: {
      subject: 'A payment of {amount} was taken back',
      body: 'A payment of {amount} was taken back, so that it is owed again. Your payments now:\n{schedule}',
    },
    de: {
      subject: 'Eine Zahlung über {amount} wurde zurückgebucht',
      body: 'Eine Zahlung über {amount} wurde zurückgebucht und ist wieder offen. Ihre Zahlungen jetzt:\n{schedule}',
    },
  }),
  'charged-off': legalEmail({
    en: {
      subject: 'Your plan is in default',
      body: 'Your plan is in default: {amount} is due at once, and we collect it no more. Please pay it.',
    },
    de: {
      subject: 'Ihr Plan ist ausgefallen',
      body: 'Ihr Plan ist ausgefallen: {amount} sind sofort fällig und werden nicht abgebucht. Bitte zahlen Sie.',
    },
  }),
  'plan-paused': email({
    en: {
      subject: 'Your plan is paused until {date}',
      body: 'We hold your plan until {date}. Until then nothing is charged, nothing falls due and nothing costs a fee.',
    },
    de: {
      subject: 'Ihr Plan ruht bis zum {date}',
      body: 'Ihr Plan ruht bis zum {date}. Bis dahin wird nichts abgebucht, nichts fällig und nichts kostet Gebühren.',
    },
  }),
  'identity-approved': email({
    en: { subject: 'Your identity is verified', body: 'Your identity is verified. You can pay later from now on.' },
    de: {
      subject: 'Ihre Identität ist bestätigt',
      body: 'Ihre Identität ist bestätigt. Sie können ab jetzt später zahlen.',
    },
  }),
  'identity-declined': email({
    en: {
      subject: 'We could not verify your identity',
      body: 'We could not verify your identity, so you cannot pay later.',
    },
    de: {
      subject: 'Wir konnten Ihre Identität nicht bestätigen',
      body: 'Wir konnten Ihre Identität nicht bestätigen, deshalb können Sie nicht später zahlen.',
    },
  }),
  'identity-review': email({
    en: {
      subject: 'We are looking at your documents',
      body: 'A person looks at your documents. We write again as soon as that is done.',
    },
    de: {
      subject: 'Wir prüfen Ihre Unterlagen',
      body: 'Ein Mensch prüft Ihre Unterlagen. Wir schreiben wieder, sobald das getan ist.',
    },
  }),
  'identity-expired': email({
    en: {
      subject: 'Please verify your identity again',
      body: 'Your identity check got no answer in time. Please start it again.',
    },
    de: {
      subject: 'Bitte bestätigen Sie Ihre Identität noch einmal',
      body: 'Ihre Identitätsprüfung blieb ohne Antwort. Bitte beginnen Sie sie noch einmal.',
    },
  }),
  // What is a matter of security goes out whatever the preferences are. {code} is put in when the text is sent.
  'code-email': legalEmail({
    en: {
      subject: 'Confirm your e-mail address',
      body: 'Your code is {code}. It is good for ten minutes. If you did not ask for it, do nothing.',
    },
    de: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      body: 'Ihr Code ist {code}. Er gilt zehn Minuten. Wenn Sie ihn nicht verlangt haben, brauchen Sie nichts zu tun.',
    },
  }),
  'code-phone': legalSms({
    en: { body: 'Your code is {code}. It is good for ten minutes. Do not tell it to anybody.' },
    de: { body: 'Ihr Code ist {code}. Er gilt zehn Minuten. Geben Sie ihn niemandem.' },
  }),
  'code-password': legalEmail({
    en: {
      subject: 'Set a new password',
      body:
        'Your code is {code}. It is good for ten minutes. If you did not ask for it, do nothing: your password is as ' +
        'it was.',
    },
    de: {
      subject: 'Neues Passwort festlegen',
      body:
        'Ihr Code ist {code}. Er gilt zehn Minuten. Wenn Sie ihn nicht verlangt haben, brauchen Sie nichts zu tun: ' +
        'Ihr Passwort bleibt, wie es war.',
    },
  }),
  'password-changed': legalEmail({
    en: {
      subject: 'Your password was changed',
      body:
        'Your password was changed, and you are signed out everywhere else. If that was not you, set a new one ' +
        'now.',
    },
    de: {
      subject: 'Ihr Passwort wurde geändert',
      body:
        'Ihr Passwort wurde geändert, und Sie sind überall sonst abgemeldet. Wenn Sie das nicht waren, legen Sie ' +
        'jetzt ein neues fest.',
    },
  }),
  'limit-set': push({
    en: { body: 'Your spending limit is now {limit}.' },
    de: { body: 'Ihr Einkaufsrahmen beträgt jetzt {limit}.' },
  }),
  'plan-completed': push({
    en: { body: 'All paid: your plan over {amount} is complete. Thank you.' },
    de: { body: 'Alles bezahlt: Ihr Plan über {amount} ist abgeschlossen. Vielen Dank.' },
  }),
} as const satisfies Readonly<Record<string, Template>>

/** The name of a template. */
export type TemplateName = keyof typeof templates

function email(texts: Texts): Template {
  return { version: 1, legal: false, channels: { EMAIL: texts } }
}

function legalEmail(texts: Texts): Template {
  return { version: 1, legal: true, channels: { EMAIL: texts } }
}

function legalSms(texts: Texts): Template {
  return { version: 1, legal: true, channels: { SMS: texts } }
}

function push(texts: Texts): Template {
  return { version: 1, legal: false, channels: { PUSH: texts } }
}

/** A legal notice by e-mail, and the same text by SMS where a phone is known. */
function urgent(bodies: Record<Language, string>, subjects: Record<Language, string>): Template {
  const EMAIL: Texts = {
    en: { subject: subjects.en, body: bodies.en },
    de: { subject: subjects.de, body: bodies.de },
  }
  return { version: 1, legal: true, channels: { SMS: { en: { body: bodies.en }, de: { body: bodies.de } }, EMAIL } }
}
