/** What is said of purchases: decisions, reviews, disputes. */
import { chosen, legal, type Template, text } from './template.ts'

/** The templates by name. */
export const purchaseTexts = {
  // Who has just asked at a checkout is awake: the answer comes at once.
  'purchase-authorised': chosen(
    'RECEIPTS',
    {
      en: text(
        'Your purchase at {merchant}: {amount}',
        'Your purchase of {amount} at {merchant} is approved. Your payment dates follow when the merchant ships.',
      ),
      de: text(
        'Ihr Einkauf bei {merchant}: {amount}',
        'Ihr Einkauf über {amount} bei {merchant} ist bewilligt. Ihre Zahlungstermine folgen mit dem Versand.',
      ),
    },
    { quietHours: 'broken' },
  ),
  'purchase-declined': legal(
    ['EMAIL'],
    {
      en: text(
        'We could not approve your purchase at {merchant}',
        'We could not approve your purchase of {amount} at {merchant}. The principal reasons:\n{reasons}\n' +
          '{offer}You can ask us to have a person look at this decision.',
      ),
      de: text(
        'Wir konnten Ihren Einkauf bei {merchant} nicht bewilligen',
        'Wir konnten Ihren Einkauf über {amount} bei {merchant} nicht bewilligen. ' +
          'Die wesentlichen Gründe:\n{reasons}\n{offer}Sie können verlangen, dass ein Mensch diese Entscheidung prüft.',
      ),
    },
    { version: 2, quietHours: 'broken' },
  ),
  'review-requested': legal(
    ['EMAIL'],
    {
      en: text(
        'A person will look at the refusal at {merchant}',
        'A person looks at the refusal of your purchase at {merchant} by {date}.',
      ),
      de: text(
        'Ein Mensch sieht sich die Ablehnung bei {merchant} an',
        'Ein Mensch prüft die Ablehnung Ihres Einkaufs bei {merchant} bis zum {date}.',
      ),
    },
    { version: 2, quietHours: 'broken' },
  ),
  'review-upheld': legal(['EMAIL'], {
    en: text(
      'The refusal at {merchant} stands',
      'A person has looked at the refusal of {amount} at {merchant}. It stands: {reason}',
    ),
    de: text(
      'Die Ablehnung bei {merchant} bleibt bestehen',
      'Ein Mensch hat die Ablehnung von {amount} bei {merchant} geprüft. Sie bleibt bestehen: {reason}',
    ),
  }),
  'review-overturned': legal(['EMAIL'], {
    en: text(
      'You can buy at {merchant} after all',
      'A person has looked at the refusal at {merchant}. Until {date} you can buy there for up to {amount}: {reason}',
    ),
    de: text(
      'Sie können bei {merchant} doch einkaufen',
      'Ein Mensch hat die Ablehnung bei {merchant} geprüft. Bis zum {date} können Sie dort für bis zu {amount} ' +
        'einkaufen: {reason}',
    ),
  }),
  'dispute-opened': legal(['EMAIL'], {
    en: text(
      'We look into {amount} of your purchase',
      'A dispute over {amount} of your purchase is open. The merchant has until {date} to answer.',
    ),
    de: text(
      'Wir prüfen {amount} Ihres Einkaufs',
      'Über {amount} Ihres Einkaufs gibt es einen Streitfall. Der Händler kann bis zum {date} antworten.',
    ),
  }),
  'dispute-refunded': legal(['EMAIL'], {
    en: text('You get {amount} back', 'The dispute over {amount} of your purchase is decided for you: it is refunded.'),
    de: text(
      'Sie bekommen {amount} zurück',
      'Der Streitfall über {amount} Ihres Einkaufs ist für Sie entschieden: Der Betrag wird erstattet.',
    ),
  }),
  'dispute-closed': legal(['EMAIL'], {
    en: text(
      'The dispute over {amount} is closed',
      'The dispute over {amount} of your purchase is closed without a refund. Your plan goes on as it was.',
    ),
    de: text(
      'Der Streitfall über {amount} ist beendet',
      'Der Streitfall über {amount} Ihres Einkaufs endet ohne Erstattung. Ihr Plan läuft weiter wie bisher.',
    ),
  }),
} as const satisfies Readonly<Record<string, Template>>
