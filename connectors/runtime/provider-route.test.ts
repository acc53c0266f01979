import { expect, test } from 'vitest'
import { ProviderCalls } from './provider-calls.ts'
import { ProviderRefused, ProviderUnavailable } from './provider-error.ts'
import { ProviderRoute } from './provider-route.ts'

const signal = new AbortController().signal
const quick = { tries: 1, pauseMs: 1, pauseMsMax: 1, openAfterFailures: 2, openMs: 60_000 }
const away = () => Promise.reject(new ProviderUnavailable('away', false))
const silent = () => Promise.reject(new ProviderUnavailable('no answer', true))
const fine = () => Promise.resolve('done')

type Client = () => Promise<string>

/** A route over clients, of which the calls are counted. */
function routeOf(clients: readonly Client[], hasKeys = true) {
  const asked: number[] = clients.map(() => 0)
  const providers = clients.map((act, at) => ({
    name: `p${at + 1}`,
    hasKeys,
    calls: new ProviderCalls(quick),
    client: () => {
      asked[at] = (asked[at] ?? 0) + 1
      return act()
    },
  }))
  const route = new ProviderRoute<Client>(providers, { asksMax: 3, pauseMs: 1, pauseMsMax: 1 })
  return { route, asked, call: () => route.call((client) => client(), signal) }
}

test('asks the first, and the second only where the first did not act', async () => {
  const both = routeOf([fine, fine])
  expect(await both.call()).toEqual({ kind: 'answered', provider: 'p1', answer: 'done' })
  expect(both.asked).toEqual([1, 0])
  const one = routeOf([away, fine])
  expect(await one.call()).toEqual({ kind: 'answered', provider: 'p2', answer: 'done' })
})

test('leaves alone a provider that failed too often, and stays well by the other', async () => {
  const { route, asked, call } = routeOf([away, fine])
  for (let no = 0; no < 5; no++) await call()
  expect(asked).toEqual([2, 5])
  expect([route.circuit, route.failures, route.inFlight]).toEqual(['closed', 2, 0])
})

test('goes to no other one while the outcome is unknown where there are keys', async () => {
  const { asked, call } = routeOf([silent, fine])
  expect(await call()).toEqual({ kind: 'unknown', provider: 'p1' })
  expect(asked[1]).toBe(0)
})

test('learns the outcome by asking the same one again', async () => {
  let times = 0
  const { asked, call } = routeOf([() => (times++ === 0 ? silent() : fine()), fine])
  expect(await call()).toEqual({ kind: 'answered', provider: 'p1', answer: 'done' })
  expect(asked).toEqual([2, 0])
})

test('goes on where there are no keys: twice is better than never', async () => {
  expect(await routeOf([silent, fine], false).call()).toMatchObject({ kind: 'answered', provider: 'p2' })
})

test('takes a refusal as an answer', async () => {
  const no = () => Promise.reject(new ProviderRefused('number_invalid', 'no'))
  expect(await routeOf([no, fine]).call()).toEqual({ kind: 'refused', provider: 'p1', code: 'number_invalid' })
})

test('says that all are away', async () => {
  const { route, call } = routeOf([away, away])
  expect(await call()).toEqual({ kind: 'unavailable', provider: 'p2' })
  await call()
  expect(route.circuit).toBe('open')
})

test('ends with its signal', async () => {
  const end = new AbortController()
  const { route } = routeOf([silent])
  const call = route.call((client) => client(), end.signal)
  end.abort(new Error('closing'))
  await expect(call).rejects.toThrow()
})

test('finds who has acted before', async () => {
  const { route } = routeOf([fine, fine])
  let asked = 0
  const look = () => Promise.resolve(++asked === 1 ? null : 'msg_1')
  expect(await route.find(look, signal)).toEqual({ provider: 'p2', answer: 'msg_1' })
  expect(await route.find(() => Promise.resolve(null), signal)).toBeNull()
})
