import type { Clock, PlatformStatus } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import type { ApiClient } from '../kit/api-client.ts'
import { banner, problemBanner } from '../kit/banner.ts'
import { addDays, formatDay, formatLongDay } from '../kit/dates.ts'
import { byId, fill, setText } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { asProblem } from '../kit/problem.ts'

type Moved = Clock & { readonly settled: boolean }

/** Business time, and the buttons that move it. Every day on the way is lived through, so a week takes a moment. */
export function clockCard(api: ApiClient, onMoved: () => void): { draw(status: PlatformStatus): void } {
  const form = byId('clock-form', HTMLFormElement)
  const result = byId('clock-result', HTMLDivElement)
  const target = byId('clock-to', HTMLInputElement)
  const buttons = [...form.querySelectorAll<HTMLButtonElement>('button')]
  const move = async (to: { readonly days: number } | { readonly date: string }) => {
    for (const button of buttons) button.disabled = true
    fill(result, banner('info', 'Living through the days…'))
    try {
      const moved = await api.post<Moved>('/v1/sandbox/clock', to)
      announce(`It is ${formatDay(moved.date)}`)
      const busy = 'The platform still works on what came due; moving on is safe all the same.'
      fill(result, moved.settled ? null : banner('warn', busy))
      onMoved()
    } finally {
      for (const button of buttons) button.disabled = false
    }
  }
  for (const button of buttons.filter(({ dataset }) => dataset['days'] !== undefined)) {
    button.addEventListener('click', () => {
      void move({ days: Number(button.dataset['days']) }).catch((error: unknown) => {
        fill(result, problemBanner(asProblem(error)))
      })
    })
  }
  onSubmit(form, async ({ date = '' }) => {
    try {
      await move({ date })
    } catch (error) {
      fill(result)
      throw error
    }
  })
  return {
    draw({ businessDate, businessTime }) {
      setText(byId('clock-date', HTMLParagraphElement), formatLongDay(businessDate))
      setText(byId('clock-time', HTMLParagraphElement), `${businessTime.slice(11, 19)} UTC`)
      target.min = addDays(businessDate, 1)
    },
  }
}
