import type { ParkedKeyView } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { ask } from '../kit/dialog.ts'
import { h } from '../kit/dom.ts'
import { formatCount } from '../kit/quantities.ts'

type Parts = { readonly app: string; readonly api: ApiClient; readonly refresh: () => Promise<void> }
type Action = 'replay' | 'discard'

/** Keys whose records wait, each with the two ways out. Both are asked about first. */
export function parkedList(keys: readonly ParkedKeyView[], parts: Parts): HTMLElement {
  if (keys.length === 0) return h('p', { class: 'quiet' }, 'None.')
  return h(
    'ul',
    { class: 'rows parked' },
    ...keys.map((parked) =>
      h(
        'li',
        {},
        h('span', {}, h('code', {}, parked.key), h('small', {}, `${parked.code}: ${parked.message}`)),
        h('span', { class: 'num' }, parked.records === 1 ? '1 record' : `${formatCount(parked.records)} records`),
        h(
          'span',
          { class: 'buttons' },
          h('button', { type: 'button', class: 'small', onclick: () => confirm(parked, 'replay', parts) }, 'Replay'),
          h('button', { type: 'button', class: 'small', onclick: () => confirm(parked, 'discard', parts) }, 'Discard'),
        ),
      ),
    ),
  )
}

function confirm({ key, records }: ParkedKeyView, action: Action, { app, api, refresh }: Parts): void {
  const waiting = records === 1 ? 'its waiting record is' : `its ${formatCount(records)} waiting records are`
  const what =
    action === 'replay'
      ? `${waiting} processed again, in order. What fails again parks the key again.`
      : `${waiting} let go for good. They stay in the dead letters, and nothing of them is processed.`
  ask({
    title: action === 'replay' ? 'Replay this key?' : 'Discard this key?',
    content: [h('p', {}, h('code', {}, key), ` of ${app}: ${what}`)],
    submit: action === 'replay' ? 'Replay' : 'Discard',
    danger: action === 'discard',
    send: async () => {
      await api.post(
        `/v1/operations/topologies/${encodeURIComponent(app)}/parked-keys/${encodeURIComponent(key)}/${action}`,
        {},
      )
      announce(`Asked for: ${action} ${key}`)
      await refresh()
    },
  })
}
