import type { Session } from '../api-types.ts'
import { ApiClient } from '../kit/api-client.ts'
import { problemBanner } from '../kit/banner.ts'
import { byId, fill } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import type { Problem } from '../kit/problem.ts'
import { forgottenForms } from './forgotten.ts'
import { registerForms } from './register.ts'
import { keepSession } from './session.ts'

/** The forms by which a consumer gets in; both end with a session. */
export function entryForms(enter: () => Promise<void>): void {
  const nobody = new ApiClient(() => null)
  const begin = async (form: HTMLFormElement, session: Session) => {
    keepSession(session)
    await enter()
    form.reset()
  }

  registerForms(begin)
  forgottenForms()
  const signInForm = byId('sign-in-form', HTMLFormElement)
  onSubmit(signInForm, async ({ email, password }) => {
    fill(byId('session-note', HTMLDivElement))
    await begin(signInForm, await nobody.post<Session>('/v1/sessions', { email, password }))
  })
}

/** Says why the kept session is not taken any more. */
export function showSessionProblem(problem: Problem): void {
  fill(byId('session-note', HTMLDivElement), problemBanner(problem))
}
