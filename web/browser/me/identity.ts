import type { Consumer, IdentityCheck } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { plainWords, statusBadge } from '../kit/status-badge.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Wallet } from './wallet.ts'

/** What each status means for the consumer. */
const EXPLAINED: Readonly<Record<string, string>> = {
  NOT_STARTED: 'Verify who you are once, and you have a limit to spend.',
  PENDING: 'The check is under way; this page follows it.',
  APPROVED: 'Your identity is verified.',
  DECLINED: 'Your identity could not be verified. You can try again.',
  NEEDS_REVIEW: 'A person looks at it. You can buy again when that is done.',
  EXPIRED: 'The last check was not finished in time. Start a new one.',
}
const CAN_START: readonly string[] = ['NOT_STARTED', 'DECLINED', 'EXPIRED']

/** Where the identity check stands, and the button that starts one. */
export function identityCard(wallet: () => Wallet): { draw(): void } {
  const place = byId('identity', HTMLDivElement)
  const draw = whenChanged(({ status, reasons }: { status: string; reasons: Consumer['kycReasons'] }) => {
    fill(
      place,
      h('p', { class: 'line' }, statusBadge(status), h('span', {}, EXPLAINED[status] ?? plainWords(status))),
      reasons.length === 0
        ? null
        : h('ul', { class: 'reasons' }, ...reasons.map((one) => h('li', {}, plainWords(one)))),
      CAN_START.includes(status) ? startForm(wallet) : null,
    )
  })
  return {
    draw() {
      const { kycStatus, kycReasons } = wallet().consumer
      draw({ status: kycStatus, reasons: kycReasons })
    },
  }
}

function startForm(wallet: () => Wallet): HTMLFormElement {
  const form = h('form', {}, h('button', { type: 'submit', class: 'primary' }, 'Verify my identity'))
  onSubmit(form, async () => {
    const { api, refresh } = wallet()
    const check = await api.post<IdentityCheck>('/v1/consumers/me/identity-checks', {})
    announce(`Identity check: ${plainWords(check.status)}`)
    await refresh()
  })
  return form
}
