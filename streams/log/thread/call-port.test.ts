import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { StreamsError } from '../../errors.ts'
import { CallPort } from './call-port.ts'

type Calls = {
  readonly double: [number, number]
  readonly refuse: ['ours' | 'other', null]
  readonly untilCancelled: [null, string]
  readonly take: [{ readonly bytes: ArrayBuffer }, { readonly bytes: ArrayBuffer }]
  readonly askBack: [number, number]
}
type Back = { readonly half: [number, number] }

function pair() {
  const { port1, port2 } = new MessageChannel()
  const answering: CallPort<Back, Calls> = new CallPort<Back, Calls>(port1, {
    double: async (number) => number * 2,
    refuse: async (kind) => {
      throw kind === 'ours' ? new StreamsError('LOG_FENCED', 'too late') : new RangeError('out of it')
    },
    untilCancelled: (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve('what there is'))),
    take: async ({ bytes }) => ({ bytes }),
    askBack: async (number) => (await answering.call('half', number)) + 1,
  })
  const asking = new CallPort<Calls, Back>(port2, { half: async (number) => number / 2 })
  return { asking, answering }
}

test('answers come to whoever asked, in any order and in both directions', async () => {
  const { asking } = pair()
  expect(await Promise.all([asking.call('double', 1), asking.call('askBack', 8), asking.call('double', 3)])).toEqual([
    2, 5, 6,
  ])
  asking.close()
})

test('a refusal keeps its code and its words', async () => {
  const { asking } = pair()
  await expect(asking.call('refuse', 'ours')).rejects.toMatchObject({ code: 'LOG_FENCED', message: 'too late' })
  const other = await asking.call('refuse', 'other').catch((error: unknown) => error)
  expect(other).toBeInstanceOf(Error)
  expect(other).not.toBeInstanceOf(StreamsError)
  expect(other).toMatchObject({ message: 'out of it' })
  asking.close()
})

test('bytes are handed over, there and back, and not copied', async () => {
  const { asking } = pair()
  const bytes = new Uint8Array([1, 2, 3]).buffer
  const answered = asking.call('take', { bytes })
  expect(bytes.byteLength).toBe(0)
  expect([...new Uint8Array((await answered).bytes)]).toEqual([1, 2, 3])
  asking.close()
})

test('who is told that nobody waits any more answers with what there is', async () => {
  const { asking } = pair()
  const stop = new AbortController()
  const one = asking.call('untilCancelled', null, stop.signal)
  stop.abort()
  expect(await one).toBe('what there is')
  expect(await asking.call('untilCancelled', null, AbortSignal.abort())).toBe('what there is')
  const all = [asking.call('untilCancelled', null), asking.call('untilCancelled', null)]
  asking.cancelAll()
  expect(await Promise.all(all)).toEqual(['what there is', 'what there is'])
  asking.close()
})

test('when one side is gone the other one knows, and nobody waits for ever', async () => {
  const { asking, answering } = pair()
  const pending = asking.call('untilCancelled', null)
  answering.close()
  await expect(pending).rejects.toMatchObject({ code: 'THREAD_ENDED' })
  await asking.closed
  await expect(asking.call('double', 1)).rejects.toMatchObject({ code: 'THREAD_ENDED' })
})
