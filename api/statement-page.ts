/**
 * Statements as pages, to read and to print. A statement names the version of its rendering, and a version never
 * changes: a new look is a new version beside the old ones.
 */
import type { z } from '@hono/zod-openapi'
import { html, raw } from 'hono/html'
import { formatMinor } from '#domain/money.ts'
import type { StatementDocumentView } from './statement-views.ts'

type Statement = z.infer<typeof StatementDocumentView>
type Words = (typeof words)['en']

const words = {
  en: {
    title: 'Statement',
    period: 'From {from} to {to}',
    opening: 'Owed at the beginning',
    closing: 'Owed at the end',
    next: 'Due until {until}',
    none: 'Nothing.',
    date: 'Date',
    what: 'What',
    shop: 'Shop',
    purchase: 'Purchase',
    amount: 'Amount',
    plan: 'Plan',
    note: 'An amount above zero is owed more, one below zero less. The month is that of the time zone {zone}.',
    kinds: {
      PURCHASE: 'Purchases',
      PAYMENT: 'Payments',
      REFUND: 'Refunds',
      FEE: 'Late fees',
      INTEREST: 'Interest',
      CHARGE_OFF: 'Not collected any more',
      ADJUSTMENT: 'Adjustments',
    },
  },
  de: {
    title: 'Kontoauszug',
    period: 'Vom {from} bis zum {to}',
    opening: 'Offen zu Beginn',
    closing: 'Offen am Ende',
    next: 'Fällig bis zum {until}',
    none: 'Nichts.',
    date: 'Datum',
    what: 'Was',
    shop: 'Händler',
    purchase: 'Einkauf',
    amount: 'Betrag',
    plan: 'Plan',
    note: 'Ein Betrag über null ist mehr, einer unter null weniger zu zahlen. Der Monat ist der der Zeitzone {zone}.',
    kinds: {
      PURCHASE: 'Einkäufe',
      PAYMENT: 'Zahlungen',
      REFUND: 'Erstattungen',
      FEE: 'Mahngebühren',
      INTEREST: 'Zinsen',
      CHARGE_OFF: 'Nicht mehr eingezogen',
      ADJUSTMENT: 'Korrekturen',
    },
  },
} as const satisfies Readonly<Record<string, object>>

const renderings: Readonly<Record<number, (statement: Statement) => string>> = { 1: version1 }

/** The document of a statement. @throws Error for a version that was never given */
export function statementPage(statement: Statement): string {
  const render = renderings[statement.templateVersion]
  if (render === undefined) throw new Error(`There is no rendering ${statement.templateVersion} of statements.`)
  return render(statement)
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:54rem;margin:2rem auto;padding:0 1rem;color:#111}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #ccc}
td:last-child,th:last-child{text-align:right;font-variant-numeric:tabular-nums}
td:first-child,td:last-child{white-space:nowrap}td small{overflow-wrap:anywhere}small{color:#555}
@media print{body{margin:0}}`

function version1(statement: Statement): string {
  const { language, fromDate, toDate, month, timeZone, currency } = statement
  const isGerman = language.toLowerCase().split('-')[0] === 'de'
  const text: Words = (isGerman ? words.de : words.en) as Words
  const money = (amountMinor: number) => `${formatMinor(amountMinor, currency)} ${currency}`
  const page = html`<!doctype html>
<html lang="${isGerman ? 'de' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text.title} ${month}</title>
<style>${raw(STYLE)}</style></head>
<body>
<h1>${text.title} ${month}</h1>
<p>${text.period.replace('{from}', fromDate).replace('{to}', toDate)}<br><small>${statement.statementId}</small></p>
${sums(statement, text, money)}
${lines(statement, text, money)}
${due(statement, text, money)}
<p><small>${text.note.replace('{zone}', timeZone)}</small></p>
</body>
</html>
`
  return String(page)
}

type Money = (amountMinor: number) => string

function sums(statement: Statement, text: Words, money: Money) {
  const rows = [
    [text.kinds.PURCHASE, statement.purchasesMinor],
    [text.kinds.PAYMENT, statement.paymentsMinor],
    [text.kinds.REFUND, statement.refundsMinor],
    [text.kinds.FEE, statement.feesMinor],
    [text.kinds.INTEREST, statement.interestMinor],
    [text.kinds.CHARGE_OFF, statement.chargedOffMinor],
    [text.kinds.ADJUSTMENT, statement.adjustmentsMinor],
  ] as const
  const shown = rows.filter(([, amountMinor]) => amountMinor !== 0)
  return html`<table><tbody>
<tr><th>${text.opening}</th><td>${money(statement.openingMinor)}</td></tr>
${shown.map(([name, amountMinor]) => html`<tr><td>${name}</td><td>${money(amountMinor)}</td></tr>`)}
<tr><th>${text.closing}</th><td><strong>${money(statement.closingMinor)}</strong></td></tr>
</tbody></table>`
}

function lines({ lines: all }: Statement, text: Words, money: Money) {
  if (all.length === 0) return ''
  const kinds: Readonly<Record<string, string>> = text.kinds
  const rows = all.map(
    (line) => html`<tr><td>${line.date}</td><td>${kinds[line.kind] ?? line.kind}</td><td>${line.merchantName}</td>
<td><small>${line.purchaseId}</small></td><td>${money(line.amountMinor)}</td></tr>`,
  )
  return html`<table><thead><tr><th>${text.date}</th><th>${text.what}</th><th>${text.shop}</th>
<th>${text.purchase}</th><th>${text.amount}</th></tr></thead><tbody>${rows}</tbody></table>`
}

function due({ nextDue, dueUntil }: Statement, text: Words, money: Money) {
  const rows = nextDue.map(
    (one) =>
      html`<tr><td>${one.dueDate}</td><td><small>${one.planId}</small></td><td>${money(one.amountMinor)}</td></tr>`,
  )
  const heading = html`<h2>${text.next.replace('{until}', dueUntil)}</h2>`
  if (nextDue.length === 0) return html`${heading}<p>${text.none}</p>`
  return html`${heading}<table><thead><tr><th>${text.date}</th><th>${text.plan}</th><th>${text.amount}</th></tr></thead>
<tbody>${rows}</tbody></table>`
}
