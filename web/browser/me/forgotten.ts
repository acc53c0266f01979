import type { PasswordReset } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { ApiClient } from '../kit/api-client.ts'
import { byId, show } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'

/** Setting a new password by a code: first the address, then the code. */
export function forgottenForms(): void {
  const nobody = new ApiClient(() => null)
  const ask = byId('forgotten-form', HTMLFormElement)
  const confirm = byId('reset-form', HTMLFormElement)
  let asked: { readonly email: string; readonly resetId: string } | null = null
  onSubmit(ask, async ({ email = '' }) => {
    const { resetId } = await nobody.post<PasswordReset>('/v1/password-resets', { email })
    asked = { email, resetId }
    show(confirm, true)
    announce('If there is such an account, a code is on its way to it.')
  })
  onSubmit(confirm, async ({ code, newPassword }) => {
    if (asked === null) return
    const { email, resetId } = asked
    await nobody.post(`/v1/password-resets/${resetId}/confirm`, { email, code, newPassword })
    confirm.reset()
    show(confirm, false)
    byId('forgotten', HTMLDetailsElement).open = false
    byId('sign-in-email', HTMLInputElement).value = email
    announce('The new password is set. Sign in with it.')
  })
}
