import type { RegistrationAsked, Session } from '../api-types.ts'
import { ApiClient } from '../kit/api-client.ts'
import { ownTimeZone } from '../kit/choices.ts'
import { byId, fill, h, setText, show } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'

const MAIL_LOOK_MS = 500
const MAIL_LOOKS_MAX = 20

/** Opening an account: first who one is, then the code from the mail, which begins a session. */
export function registerForms(begin: (form: HTMLFormElement, session: Session) => Promise<void>): void {
  const nobody = new ApiClient(() => null)
  const register = byId('register-form', HTMLFormElement)
  const confirm = byId('confirm-form', HTMLFormElement)
  let asked: { readonly email: string; readonly registrationId: string } | null = null
  const turnTo = (form: HTMLFormElement) => {
    show(register, form === register)
    show(confirm, form === confirm)
    confirm.reset()
    fill(byId('sandbox-mail', HTMLDivElement))
  }

  onSubmit(register, async ({ phone, email = '', ...values }) => {
    const body = {
      ...{ ...values, email, timeZone: ownTimeZone() },
      phone: phone === '' ? undefined : phone?.replace(/[\s()-]/g, ''),
    }
    const { registrationId } = await nobody.post<RegistrationAsked>('/v1/consumers', body)
    asked = { email, registrationId }
    turnTo(confirm)
    setText(byId('confirm-note', HTMLParagraphElement), `A mail is on its way to ${email}. It says how to go on.`)
    byId('confirm-code', HTMLInputElement).focus()
    void showSandboxMail(email)
  })
  onSubmit(confirm, async ({ code }) => {
    if (asked === null) return
    const { email, registrationId } = asked
    const session = await nobody.post<Session>(`/v1/registrations/${registrationId}/confirm`, { email, code })
    await begin(confirm, session)
    turnTo(register)
    register.reset()
  })
  byId('register-again', HTMLButtonElement).addEventListener('click', () => turnTo(register))
}

/** In the sandbox no mail leaves the machine: what was sent is shown beside the form. */
async function showSandboxMail(email: string): Promise<void> {
  if (document.querySelector('.sandbox-tag') === null) return
  const place = byId('sandbox-mail', HTMLDivElement)
  const path = `/sandbox/outbox/mail?to=${encodeURIComponent(email.toLowerCase())}`
  for (let looks = 0; looks < MAIL_LOOKS_MAX && !byId('confirm-form', HTMLFormElement).hidden; looks += 1) {
    const answer = await fetch(path).catch(() => null)
    if (answer?.ok !== true) return
    const mail = ((await answer.json()) as { text: string }[]).at(-1)
    if (mail !== undefined) {
      fill(place, h('p', { class: 'hint' }, `The sandbox has sent: ${mail.text}`))
    }
    await new Promise((resolve) => setTimeout(resolve, MAIL_LOOK_MS))
  }
}
