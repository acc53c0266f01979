/** Reads stories of plans (fineract.md) into movements. */
import type { Prepayment } from '#domain/allocation.ts'
import type { RefundPolicyName } from '#domain/refund.ts'
import type { Movement } from '#domain/rework.ts'

/** What a refund does where a story does not name its policy: only the sum matters there. */
const ANY_POLICY = 'LAST_FIRST'

/** The movements of a story, without those that were undone. Fees belong to their instalment from the start. */
export function movementsOf(story: readonly string[], prepayment: Prepayment): Movement[] {
  const undone = new Set(story.flatMap((step) => (step.startsWith('undo ') ? [idOf(step.slice(5))] : [])))
  const movements = story.flatMap((step, index) => movementOf(step, index, prepayment))
  return movements.filter(({ id }) => !undone.has(id))
}

/** Minor units that went back to the consumer. */
export function paidOutMinor(story: readonly string[]): number {
  return story.reduce((sum, step) => sum + minorOf(/pays out (\S+)/.exec(step)?.[1] ?? '0'), 0)
}

function movementOf(step: string, index: number, prepayment: Prepayment): Movement[] {
  const [, on = '', verb = '', rest = ''] = /^(\S+) (pays out|charges back|\w+) (.*)$/.exec(step) ?? []
  const [much = '', ...words] = rest.split(' ')
  const amountMinor = minorOf(much)
  const move = { id: idOf(words.at(-1) ?? ''), on, amountMinor }
  switch (verb) {
    case 'pays':
      return [{ ...move, kind: 'PAYMENT', prepayment }]
    case 'refunds':
      return [{ ...move, kind: 'REFUND', policy: policyOf(words[0]) }]
    case 'fee':
      return [{ ...move, on: '', kind: 'LATE_FEE', no: words[0] === 'on' ? Number(words[1]) : 1 }]
    case 'charges back':
      return [{ id: `back ${index}`, on, amountMinor, kind: 'CHARGE_BACK', paymentId: move.id }]
    default:
      return []
  }
}

function policyOf(word: string | undefined): RefundPolicyName {
  return word === undefined || word === 'as' ? ANY_POLICY : (word as RefundPolicyName)
}

/** Ids sort as their numbers do. */
function idOf(number: string): string {
  return number.padStart(3, '0')
}

function minorOf(text: string): number {
  return Math.round(Number(text) * 100)
}
