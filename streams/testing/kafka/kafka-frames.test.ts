import { expect, test } from 'vitest'
import { frames, requestHeader, responseId } from './kafka-frames.ts'

function request(apiKey: number, correlationId: number, clientId: string, body: string): Buffer {
  const head = Buffer.alloc(14)
  head.writeInt32BE(10 + clientId.length + body.length, 0)
  head.writeInt16BE(apiKey, 4)
  head.writeInt16BE(9, 6)
  head.writeInt32BE(correlationId, 8)
  head.writeInt16BE(clientId.length, 12)
  return Buffer.concat([head, Buffer.from(clientId + body)])
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test.each([1, 2, 3, 5, 7, 13, 64, 1_000])('cuts a stream in chunks of %d bytes into whole frames', async (size) => {
  const sent = [request(0, 1, 'a', 'x'.repeat(100)), request(26, 2, 'bc', ''), request(3, 3, '', 'yz')]
  const got: Buffer[] = []
  for await (const frame of frames(chunksOf(Buffer.concat(sent), size))) got.push(frame)
  expect(got.map(String)).toEqual(sent.map(String))
})

test('gives no frame that is not whole', async () => {
  const got: Buffer[] = []
  for await (const frame of frames(chunksOf(request(0, 1, 'a', 'body').subarray(0, -1), 4))) got.push(frame)
  expect(got).toEqual([])
})

test('reads the header', () => {
  const header = { apiKey: 24, apiVersion: 9, correlationId: 77, clientId: 'worker-1' }
  expect(requestHeader(request(24, 77, 'worker-1', 'body'))).toEqual(header)
  expect(responseId(Buffer.from([0, 0, 0, 4, 0, 0, 1, 0]))).toBe(256)
})
