/** What is said of payments: before they are due, when they come in, and when they do not. */
import { chosen, legal, type Template, text } from './template.ts'

/** The templates by name. */
export const paymentTexts = {
  reminder: chosen(
    'REMINDERS',
    {
      en: text(
        '{amount} is due on {date}',
        'Instalment {instalment} of {amount} is due on {date}. We collect it from your card; you can pay before.',
      ),
      de: text(
        '{amount} sind am {date} fällig',
        'Rate {instalment} über {amount} ist am {date} fällig. Wir buchen sie ab; Sie können auch vorher zahlen.',
      ),
    },
    { asks: true },
  ),
  'payment-received': chosen(
    'RECEIPTS',
    {
      en: text(
        'We received {amount}',
        'We received {amount} for instalment {instalment}. Left to pay on this plan: {left}.',
      ),
      de: text(
        'Wir haben {amount} erhalten',
        'Wir haben {amount} für Rate {instalment} erhalten. Noch offen in diesem Plan: {left}.',
      ),
    },
    { version: 2 },
  ),
  'payment-retry': chosen(
    'REMINDERS',
    {
      en: text(
        'Your payment of {amount} did not go through',
        'Your payment of {amount} for instalment {instalment} did not go through. We try again on {date}.',
      ),
      de: text(
        'Ihre Zahlung über {amount} kam nicht zustande',
        'Ihre Zahlung über {amount} für Rate {instalment} kam nicht zustande. Wir versuchen es am {date} erneut.',
      ),
    },
    { version: 2, asks: true },
  ),
  'payment-delayed': chosen(
    'REMINDERS',
    {
      en: text(
        'Your payment of {amount} waits until {date}',
        'The network of your card lets us try your payment of {amount} for instalment {instalment} on {date} again. ' +
          'You can pay it yourself before that.',
      ),
      de: text(
        'Ihre Zahlung über {amount} wartet bis {date}',
        'Das Netz Ihrer Karte erlaubt den nächsten Versuch von {amount} für Rate {instalment} erst am {date}. ' +
          'Sie können sie vorher selbst zahlen.',
      ),
    },
    { asks: true },
  ),
  'payment-failed': legal(
    ['SMS', 'EMAIL'],
    {
      en: text(
        'Your payment failed',
        'Your payment of {amount} for instalment {instalment} failed. Please pay by another card.',
      ),
      de: text(
        'Ihre Zahlung ist fehlgeschlagen',
        'Ihre Zahlung über {amount} für Rate {instalment} ist fehlgeschlagen. Bitte nehmen Sie eine andere Karte.',
      ),
    },
    { asks: true },
  ),
  'instalment-overdue': legal(
    ['SMS', 'EMAIL'],
    {
      en: text(
        'A payment is overdue',
        'Instalment {instalment} was due on {date} and {amount} is still open. New purchases wait until it is paid.',
      ),
      de: text(
        'Eine Zahlung ist überfällig',
        'Rate {instalment} war am {date} fällig, und {amount} sind noch offen. Neue Einkäufe ruhen bis dahin.',
      ),
    },
    { asks: true },
  ),
  'late-fee': legal(['SMS', 'EMAIL'], {
    en: text(
      'A late fee was added',
      'A late fee of {amount} was added to instalment {instalment}. Left to pay on this plan: {left}.',
    ),
    de: text(
      'Eine Mahngebühr ist angefallen',
      'Für Rate {instalment} fiel eine Mahngebühr von {amount} an. Noch offen in diesem Plan: {left}.',
    ),
  }),
  'late-fee-back': chosen(
    'RECEIPTS',
    {
      en: text(
        'We took back a late fee',
        'We took back {amount} of late fees on instalment {instalment}. Left to pay on this plan: {left}.',
      ),
      de: text(
        'Eine Mahngebühr ist erlassen',
        'Wir haben {amount} Mahngebühr für Rate {instalment} erlassen. Noch offen in diesem Plan: {left}.',
      ),
    },
    { version: 2 },
  ),
  'payment-undone': legal(['EMAIL'], {
    en: text(
      'A payment of {amount} was taken back',
      'A payment of {amount} was taken back, so that it is owed again. Your payments now:\n{schedule}',
    ),
    de: text(
      'Eine Zahlung über {amount} wurde zurückgebucht',
      'Eine Zahlung über {amount} wurde zurückgebucht und ist wieder offen. Ihre Zahlungen jetzt:\n{schedule}',
    ),
  }),
} as const satisfies Readonly<Record<string, Template>>
