import { createServer, type Socket } from 'node:net'
import { Writer } from '@platformatic/kafka'
import { afterEach, expect, test } from 'vitest'
import { NoAnswer } from './answers.ts'
import { FetchLink } from './fetch-link.ts'
import { resolveKafkaOptions } from './options.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A link to something that does `answer` with each request: its correlation id, and how to write. */
async function linkTo(answer: (id: number, socket: Socket) => unknown): Promise<FetchLink> {
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('data', (request) => answer(request.readInt32BE(8), socket))
    ends.push(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const options = resolveKafkaOptions({ brokers: [`127.0.0.1:${port}`], requestTimeoutMs: 300 })
  const link = await FetchLink.open(options, { host: '127.0.0.1', port })
  ends.push(() => {
    link.close()
    server.close()
  })
  return link
}

/** An answer as it goes over the wire: its size, the id, no tagged fields, and a text. */
function frame(id: number, text: string): Buffer {
  const head = Buffer.alloc(9)
  head.writeInt32BE(5 + text.length, 0)
  head.writeInt32BE(id, 4)
  return Buffer.concat([head, Buffer.from(text, 'latin1')])
}

async function asked(link: FetchLink): Promise<string> {
  const payload = Writer.create().appendInt32(7)
  const reader = await link.ask({ apiKey: 1, apiVersion: 12, payload, isTagged: [true, true] })
  return reader.buffer.slice(reader.position).toString('latin1')
}

test('puts answers together from whatever pieces they come in', async () => {
  for (const piece of [1, 3, 4, 7, 5_000]) {
    const texts = ['a', 'x'.repeat(2_000), 'end']
    const left = [...texts]
    const link = await linkTo(async (id, socket) => {
      const bytes = frame(id, left.shift() ?? '')
      for (let at = 0; at < bytes.length; at += piece) {
        socket.write(bytes.subarray(at, at + piece))
        if (at < 40) await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })
    for (const text of texts) expect(await asked(link)).toBe(text)
    expect(link.isUsable()).toBe(true)
  }
})

test.each<[string, (id: number, socket: Socket) => void, RegExp]>([
  ['never comes', () => undefined, /within 300 ms/],
  ['ends in the middle', (id, socket) => socket.end(frame(id, 'cut short').subarray(0, 12)), /closed/],
  ['belongs to another question', (id, socket) => socket.write(frame(id + 1, 'x')), /another question/],
  ['is of TLS', (_, socket) => socket.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 70])), /no answer of Kafka/],
  ['is of HTTP', (_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), /no answer of Kafka/],
])('gives up the connection where the answer %s', async (_, answer, why) => {
  const link = await linkTo(answer)
  const error = await asked(link).catch((one: unknown) => one)
  expect(error).toBeInstanceOf(NoAnswer)
  expect(String(error)).toMatch(why)
  expect(link.isUsable()).toBe(false)
  await expect(asked(link)).rejects.toBeInstanceOf(NoAnswer)
})

test('says whether it can be used still when the broker has closed it, and when it was closed here', async () => {
  const link = await linkTo((id, socket) => socket.end(frame(id, 'last')))
  expect(await asked(link)).toBe('last')
  for (let i = 0; i < 100 && link.isUsable(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(link.isUsable()).toBe(false)
  const other = await linkTo(() => undefined)
  const waiting = asked(other)
  other.close()
  await expect(waiting).rejects.toBeInstanceOf(NoAnswer)
  expect(other.isUsable()).toBe(false)
})

test('tells that nobody listens', async () => {
  const link = await linkTo(() => undefined)
  link.close()
  const options = resolveKafkaOptions({ brokers: ['127.0.0.1:1'] })
  await expect(FetchLink.open(options, { host: '127.0.0.1', port: 1 })).rejects.toThrow(/ECONNREFUSED/)
})
