import type { Clock, Consumer, Page, PaymentMethod } from './api-types.ts'
import { ApiClient } from './kit/api-client.ts'
import { fillChoices } from './kit/choices.ts'
import { formatLongDay } from './kit/dates.ts'
import { byId, setText, show } from './kit/dom.ts'
import { kept } from './kit/kept.ts'
import { type Poll, poll } from './kit/poll.ts'
import { asProblem } from './kit/problem.ts'
import { cardsCard } from './me/cards.ts'
import { CheckoutCard } from './me/checkout.ts'
import { entryForms, showSessionProblem } from './me/entry.ts'
import { identityCard } from './me/identity.ts'
import { limitCard } from './me/limit.ts'
import { noticesCard } from './me/notices.ts'
import { planList } from './me/plans.ts'
import { securityCard } from './me/security.ts'
import { forgetSession, renewSession } from './me/session.ts'
import { statementsCard } from './me/statements.ts'
import type { Wallet } from './me/wallet.ts'

const EVERY_MS = 3_000

const api = new ApiClient(() => kept('consumer-token'), renewSession)
let wallet: Wallet | undefined
let watching: Poll | undefined

const current = () => {
  if (wallet === undefined) throw new Error('Nobody is signed in.')
  return wallet
}
fillChoices()
const parts = [limitCard(current), identityCard(current), cardsCard(current), securityCard(current)]
noticesCard(current)
statementsCard(current)
const plans = planList(current)
const checkout = new CheckoutCard(current)

async function refresh(): Promise<void> {
  const [consumer, cards, clock] = await Promise.all([
    api.get<Consumer>('/v1/consumers/me'),
    api.get<Page<PaymentMethod>>('/v1/consumers/me/payment-methods'),
    api.get<Clock>('/v1/sandbox/clock'),
  ])
  wallet = { api, consumer, cards: cards.items, today: clock.date, refresh }
  setText(byId('greeting', HTMLHeadingElement), `Hello, ${consumer.givenName}`)
  setText(byId('today', HTMLParagraphElement), formatLongDay(clock.date))
  for (const part of parts) part.draw()
  const isReady = consumer.kycStatus === 'APPROVED' && cards.items.length > 0
  byId('wallet', HTMLDivElement).classList.toggle('is-new', !isReady)
  checkout.draw()
  await plans.refresh()
}

async function enter(): Promise<void> {
  await refresh()
  showSignedIn(true)
  await checkout.open()
  watching?.stop()
  watching = poll(EVERY_MS, async () => {
    await refresh().catch((error: unknown) => {
      // A hiccup passes by itself; a session that has ended does not.
      if (asProblem(error).status === 401) leave(error)
    })
  })
}

/** Back to the forms. The session is forgotten unless the platform could not be asked about it. */
function leave(error?: unknown): void {
  watching?.stop()
  const problem = error === undefined ? undefined : asProblem(error)
  if (problem === undefined || problem.status === 401) forgetSession()
  showSignedIn(false)
  if (problem !== undefined) showSessionProblem(problem)
}

function showSignedIn(signedIn: boolean): void {
  show(byId('entry', HTMLDivElement), !signedIn)
  show(byId('wallet', HTMLDivElement), signedIn)
  show(byId('account-tools', HTMLDivElement), signedIn)
  show(byId('checkout-waits', HTMLDivElement), !signedIn && CheckoutCard.isAsked())
  if (signedIn) return
  setText(byId('greeting', HTMLHeadingElement), 'Wallet')
  setText(byId('today', HTMLParagraphElement), 'The consumer’s side: buy now, pay in four.')
}

entryForms(enter)
byId('sign-out', HTMLButtonElement).addEventListener('click', () => {
  void api.delete('/v1/sessions/current').then(
    () => leave(),
    (error: unknown) => leave(error),
  )
})
showSignedIn(false)
if (kept('consumer-token') !== null) void enter().catch(leave)
