import { expect, test } from 'vitest'
import { ProviderCalls } from './provider-calls.ts'
import { ProviderRefused, ProviderUnavailable } from './provider-error.ts'

const quick = { timeoutMs: 50, tries: 3, pauseMs: 1, pauseMsMax: 2, openMs: 60 }
const { signal } = new AbortController()

/** A provider that does these things one after the other, and then answers 'ok'. */
function provider(...steps: (() => Promise<string>)[]) {
  let calls = 0
  const request = () => (steps[calls++] ?? (() => Promise.resolve('ok')))()
  return { request, calls: () => calls }
}

const refuse = () => Promise.reject(new ProviderUnavailable('connection refused', false))
const fail = () => Promise.reject(new ProviderUnavailable('HTTP 500', true))
const hang = () => new Promise<string>(() => undefined)

test('gives the answer, after as many tries as it takes', async () => {
  const calls = new ProviderCalls(quick)
  const failing = provider(fail, refuse)
  expect(await calls.call(failing.request, signal)).toEqual({ answered: true, answer: 'ok' })
  expect([failing.calls(), calls.failures, calls.circuit]).toEqual([3, 2, 'closed'])
})

test.each([
  ['was never reached', [refuse, refuse, refuse], false],
  ['failed in one of the tries', [refuse, fail, refuse], true],
  ['did not answer one of the tries in time', [hang, refuse, refuse], true],
  ['never answered in time', [hang, hang, hang], true],
])('tells whether a provider may have acted that %s', async (_, steps, mayHaveActed) => {
  const outcome = await new ProviderCalls(quick).call(provider(...steps).request, signal)
  expect(outcome).toMatchObject({ answered: false, error: { mayHaveActed } })
})

test('does not repeat a refusal, and throws it', async () => {
  const refusing = provider(() => Promise.reject(new ProviderRefused('token_unknown', 'no')))
  await expect(new ProviderCalls(quick).call(refusing.request, signal)).rejects.toMatchObject({ code: 'token_unknown' })
  expect(refusing.calls()).toBe(1)
})

test('leaves a provider alone that failed many times, and tries it again after a while', async () => {
  const calls = new ProviderCalls({ ...quick, openAfterFailures: 3 })
  expect((await calls.call(provider(fail, fail, fail).request, signal)).answered).toBe(false)
  expect(calls.circuit).toBe('open')
  const spared = provider()
  expect(await calls.call(spared.request, signal)).toMatchObject({ answered: false, error: { mayHaveActed: false } })
  expect(spared.calls()).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(await calls.call(spared.request, signal)).toEqual({ answered: true, answer: 'ok' })
  expect(calls.circuit).toBe('closed')
})

test('has only so many calls under way', async () => {
  const calls = new ProviderCalls({ ...quick, concurrency: 2, timeoutMs: 1_000 })
  let [now, most] = [0, 0]
  const request = async () => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 5))
    now--
    return 'ok'
  }
  const running = Promise.all(Array.from({ length: 10 }, () => calls.call(request, signal)))
  expect(calls.inFlight).toBe(2)
  await running
  expect([most, calls.inFlight]).toEqual([2, 0])
})

test('ends with the reason of an aborted signal', async () => {
  const stop = new AbortController()
  const running = new ProviderCalls({ ...quick, timeoutMs: 1_000 }).call(hang, stop.signal)
  stop.abort(new Error('closing'))
  await expect(running).rejects.toThrow('closing')
})
