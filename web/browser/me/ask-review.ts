import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { ask } from '../kit/dialog.ts'
import { fill, h } from '../kit/dom.ts'
import { prose } from '../kit/fields.ts'

/** Lets the consumer send a refusal to a person, once, with what that person should know. */
export function askReview(api: ApiClient, decisionId: string): HTMLElement {
  const place = h('span', {})
  const open = () =>
    ask({
      title: 'Have a person look at it?',
      content: [
        h('p', {}, 'The refusal was made by a computer. Somebody of the staff looks at it again.'),
        prose('statement', 'What they should know', { required: true, maxlength: 2_000 }),
      ],
      submit: 'Send it',
      send: async ({ statement }) => {
        const { dueAt } = await api.post<{ dueAt: string }>(`/v1/decisions/${decisionId}/review`, { statement })
        announce('A person looks at it.')
        fill(place, `A person looks at it by ${dueAt.slice(0, 10)}.`)
      },
    })
  fill(place, h('button', { type: 'button', class: 'small', onclick: open }, 'Have a person look at it'))
  return place
}
