import type { Consumer, OpenSession, Page, Verification } from '../api-types.ts'
import { announce } from '../kit/announce.ts'
import { byId, fill, h } from '../kit/dom.ts'
import { onSubmit } from '../kit/form.ts'
import { asProblem } from '../kit/problem.ts'
import { whenChanged } from '../kit/when-changed.ts'
import type { Wallet } from './wallet.ts'

type Contact = 'EMAIL' | 'PHONE'

/** Address and number with their proof, the password, and where one is signed in. */
export function securityCard(wallet: () => Wallet): { draw(): void } {
  const contacts = byId('contacts', HTMLDivElement)
  const draw = whenChanged((consumer: Pick<Consumer, 'email' | 'phone' | 'emailVerified' | 'phoneVerified'>) => {
    const { email, phone, emailVerified, phoneVerified } = consumer
    fill(
      contacts,
      contactRow(wallet, 'EMAIL', email, emailVerified),
      phone === null ? null : contactRow(wallet, 'PHONE', phone, phoneVerified),
    )
  })
  passwordForm(wallet)
  const sessions = byId('sessions-more', HTMLDetailsElement)
  sessions.addEventListener('toggle', () => {
    if (sessions.open) void drawSessions(wallet)
  })
  return {
    draw() {
      const { email, phone, emailVerified, phoneVerified } = wallet().consumer
      draw({ email, phone, emailVerified, phoneVerified })
    },
  }
}

function contactRow(wallet: () => Wallet, contact: Contact, text: string, verified: boolean): HTMLElement {
  const row = h('div', {}, h('p', { class: 'line' }, h('span', {}, text)))
  if (verified) row.append(h('p', { class: 'hint' }, 'Confirmed.'))
  else row.append(askForm(wallet, contact, row))
  return row
}

function askForm(wallet: () => Wallet, contact: Contact, row: HTMLElement): HTMLFormElement {
  const form = h('form', {}, h('button', { type: 'submit', class: 'small' }, 'Send a code'))
  onSubmit(form, async () => {
    const asked = await wallet().api.post<Verification>('/v1/consumers/me/verifications', { contact })
    announce('A code is on its way.')
    form.replaceWith(codeForm(wallet, contact, asked.verificationId, row))
  })
  return form
}

function codeForm(wallet: () => Wallet, contact: Contact, verificationId: string, row: HTMLElement): HTMLFormElement {
  const id = `code-${contact.toLowerCase()}`
  const attributes = { id, name: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', pattern: '\\d{6}' }
  const form = h(
    'form',
    {},
    h(
      'div',
      { class: 'field' },
      h('label', { for: id }, 'Code'),
      h('input', { ...attributes, required: true, title: 'Six digits' }),
    ),
    h('div', { class: 'form-actions' }, h('button', { type: 'submit', class: 'primary' }, 'Confirm')),
  )
  const again = h('button', { type: 'button', class: 'small' }, 'Another code')
  again.addEventListener('click', () => form.replaceWith(askForm(wallet, contact, row)))
  form.querySelector('.form-actions')?.append(again)
  onSubmit(form, async ({ code }) => {
    await wallet().api.post(`/v1/consumers/me/verifications/${verificationId}/confirm`, { code })
    announce('Confirmed.')
    await wallet().refresh()
  })
  return form
}

function passwordForm(wallet: () => Wallet): void {
  const form = byId('password-form', HTMLFormElement)
  onSubmit(form, async ({ currentPassword, newPassword }) => {
    const body = currentPassword === '' ? { newPassword } : { currentPassword, newPassword }
    await wallet().api.put('/v1/consumers/me/password', body)
    form.reset()
    byId('password-more', HTMLDetailsElement).open = false
    announce('The password is changed. You are signed out everywhere else.')
  })
}

async function drawSessions(wallet: () => Wallet): Promise<void> {
  const place = byId('sessions', HTMLDivElement)
  const { api } = wallet()
  try {
    const { items } = await api.get<Page<OpenSession>>('/v1/sessions')
    const end = (path: string) => () => void api.delete(path).then(() => drawSessions(wallet))
    const rows = items.map((one) => {
      const action = one.current
        ? h('small', {}, 'this one')
        : h('button', { type: 'button', class: 'small', onclick: end(`/v1/sessions/${one.sessionId}`) }, 'Sign out')
      const since = one.startedAt === null ? '' : ` since ${one.startedAt.slice(0, 10)}`
      return h('li', {}, h('span', {}, `${one.device ?? 'Unknown device'}${since}`), action)
    })
    const all = h('button', { type: 'button', onclick: end('/v1/sessions?keep=current') }, 'Sign out everywhere else')
    fill(place, h('ul', { class: 'cards' }, ...rows), items.length > 1 ? all : null)
  } catch (error) {
    fill(place, h('p', { class: 'hint' }, asProblem(error).message))
  }
}
