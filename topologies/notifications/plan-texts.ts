/** What is said of plans: their schedule, and what changes it. */
import { chosen, legal, type Template, text } from './template.ts'

/** The templates by name. */
export const planTexts = {
  'plan-scheduled': chosen('RECEIPTS', {
    en: text('Your payment dates', 'The merchant has shipped goods for {amount}. Your payments now:\n{schedule}'),
    de: text('Ihre Zahlungstermine', 'Der Händler hat Ware für {amount} versandt. Ihre Zahlungen jetzt:\n{schedule}'),
  }),
  'plan-scheduled-interest': chosen('RECEIPTS', {
    en: text(
      'Your payment dates',
      'The merchant has shipped goods for {amount}. With {interest} of interest, your payments now:\n{schedule}',
    ),
    de: text(
      'Ihre Zahlungstermine',
      'Der Händler hat Ware für {amount} versandt. Mit {interest} Zinsen sind Ihre Zahlungen jetzt:\n{schedule}',
    ),
  }),
  refund: chosen('RECEIPTS', {
    en: text(
      'Your refund of {amount}',
      'The merchant gave you back {amount}: {reduced} off your plan, {returned} to your card. ' +
        'Your payments now:\n{schedule}',
    ),
    de: text(
      'Ihre Erstattung über {amount}',
      'Der Händler hat {amount} erstattet: {reduced} von Ihrem Plan, {returned} auf Ihre Karte. ' +
        'Ihre Zahlungen jetzt:\n{schedule}',
    ),
  }),
  'payment-moved': chosen('RECEIPTS', {
    en: text(
      'Your payment moved to {date}',
      'Instalment {instalment} is now due on {date}. Your payments now:\n{schedule}',
    ),
    de: text(
      'Ihre Zahlung wurde auf den {date} verlegt',
      'Rate {instalment} ist jetzt am {date} fällig. Ihre Zahlungen jetzt:\n{schedule}',
    ),
  }),
  'plan-paused': chosen('RECEIPTS', {
    en: text(
      'Your plan is paused until {date}',
      'We hold your plan until {date}. Until then nothing is charged, nothing falls due and nothing costs a fee.',
    ),
    de: text(
      'Ihr Plan ruht bis zum {date}',
      'Ihr Plan ruht bis zum {date}. Bis dahin wird nichts abgebucht, nichts fällig und nichts kostet Gebühren.',
    ),
  }),
  'plan-resumed': chosen('RECEIPTS', {
    en: text('Your plan goes on', 'The pause of your plan is over. Your payments now:\n{schedule}'),
    de: text('Ihr Plan läuft weiter', 'Die Pause Ihres Plans ist zu Ende. Ihre Zahlungen jetzt:\n{schedule}'),
  }),
  hardship: legal(['EMAIL'], {
    en: text(
      'Your new payment plan',
      'We agreed on new payments for what was past due. Your payments now:\n{schedule}',
    ),
    de: text(
      'Ihr neuer Zahlungsplan',
      'Für das Überfällige haben wir neue Zahlungen vereinbart. Ihre Zahlungen jetzt:\n{schedule}',
    ),
  }),
  'hardship-ended': legal(['EMAIL'], {
    en: text(
      'Your agreed payments have ended',
      'The new payments we had agreed on do not hold any more; what was past due is owed as before:\n{schedule}',
    ),
    de: text(
      'Ihre vereinbarten Zahlungen sind beendet',
      'Die neu vereinbarten Zahlungen gelten nicht mehr; das Überfällige ist wieder wie zuvor zu zahlen:\n{schedule}',
    ),
  }),
  'charged-off': legal(['EMAIL'], {
    en: text(
      'Your plan is in default',
      'Your plan is in default: {amount} is due at once, and we collect it no more. Please pay it.',
    ),
    de: text(
      'Ihr Plan ist ausgefallen',
      'Ihr Plan ist ausgefallen: {amount} sind sofort fällig und werden nicht abgebucht. Bitte zahlen Sie.',
    ),
  }),
  'charge-off-undone': legal(['EMAIL'], {
    en: text('Your plan is not in default any more', 'Your plan goes on. Your payments now:\n{schedule}'),
    de: text('Ihr Plan ist nicht mehr ausgefallen', 'Ihr Plan läuft weiter. Ihre Zahlungen jetzt:\n{schedule}'),
  }),
  'written-off': legal(['EMAIL'], {
    en: text('Your plan is closed', 'We have closed your plan and expect no further payment on it.'),
    de: text('Ihr Plan ist geschlossen', 'Wir haben Ihren Plan geschlossen und erwarten keine weitere Zahlung darauf.'),
  }),
  'plan-completed': chosen(
    'RECEIPTS',
    {
      en: text('All paid', 'All paid: your plan over {amount} is complete. Thank you.'),
      de: text('Alles bezahlt', 'Alles bezahlt: Ihr Plan über {amount} ist abgeschlossen. Vielen Dank.'),
    },
    { version: 2 },
  ),
} as const satisfies Readonly<Record<string, Template>>
