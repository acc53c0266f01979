import { expect, test } from 'vitest'
import { askUntilKnown } from './ask-until-known.ts'
import { ProviderCalls } from './provider-calls.ts'
import { ProviderUnavailable } from './provider-error.ts'

const calls = () => new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })

/** What a connector's request sees, with the pauses that were made. */
function contextOf(mayRepeat: boolean) {
  const pauses: number[] = []
  const pause = (ms: number) => {
    pauses.push(ms)
    return Promise.resolve()
  }
  const { signal } = new AbortController()
  return {
    pauses,
    context: { signal, mayRepeat, requestedAtMs: 0, pause, emit: () => undefined, emitOnce: () => undefined },
  }
}

const notReached = new ProviderUnavailable('connection refused', false)
const broken = new ProviderUnavailable('connection reset', true)

/** A provider that fails so, one time after the other, and then says 'charged'. */
function failing(...errors: Error[]) {
  return () => {
    const error = errors.shift()
    return error ? Promise.reject(error) : Promise.resolve('charged')
  }
}

test('a provider that was certainly not reached gives no answer', async () => {
  const { context, pauses } = contextOf(false)
  expect(await askUntilKnown(calls(), failing(notReached, notReached), context)).toBeNull()
  expect(pauses).toEqual([])
})

test('a provider that may have acted is asked until it answers, ever more patiently', async () => {
  const { context, pauses } = contextOf(false)
  const errors = [notReached, broken, ...Array.from({ length: 12 }, () => notReached)]
  expect(await askUntilKnown(calls(), failing(...errors), context)).toBe('charged')
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

test('a request that may have been sent before is asked about, though the provider is not reached now', async () => {
  const { context, pauses } = contextOf(true)
  expect(await askUntilKnown(calls(), failing(notReached, notReached), context)).toBe('charged')
  expect(pauses).toEqual([1_000])
})

const asking = (request: () => Promise<string | null>) => ({ calls: calls(), request })

test('an inquiry is made also where so many calls have failed that none is made any more', async () => {
  const { context, pauses } = contextOf(false)
  const shut = new ProviderCalls({ tries: 1, openAfterFailures: 1, openMs: 60_000 })
  const lost = () => Promise.reject(broken)
  expect(
    await askUntilKnown(
      shut,
      lost,
      context,
      asking(() => Promise.resolve('charged')),
    ),
  ).toBe('charged')
  expect([shut.circuit, pauses]).toEqual(['open', []])
})

test('what an inquiry says is the outcome, also that nothing was done', async () => {
  const { context, pauses } = contextOf(false)
  const lost = () => failing(broken, broken)
  expect(
    await askUntilKnown(
      calls(),
      lost(),
      context,
      asking(() => Promise.resolve('charged')),
    ),
  ).toBe('charged')
  expect(
    await askUntilKnown(
      calls(),
      lost(),
      context,
      asking(() => Promise.resolve(null)),
    ),
  ).toBeNull()
  expect(pauses).toEqual([])
})

test('an inquiry that gets no answer leaves the doubt, and the call is not repeated', async () => {
  const { context, pauses } = contextOf(true)
  const repeated = () => Promise.reject(new Error('It was repeated.'))
  const inquire = failing(notReached, notReached, broken, broken)
  expect(await askUntilKnown(calls(), repeated, context, asking(inquire))).toBe('charged')
  expect(pauses).toEqual([1_000, 2_000])
})
