import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NotificationRequested } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type MemoryLog, memoryLog } from '#streams'
import { ProviderCalls } from '../runtime/provider-calls.ts'
import { type RunningConnector, runConnector } from '../runtime/run-connector.ts'
import { eventually, readFrom, writeTo } from '../testing.ts'
import { emailConnector } from './connector.ts'
import { type MailSandbox, startMailSandbox } from './sandbox.ts'

const schemas = testSchemas()
const { notificationRequests: requests, notificationResults: results } = schemas.topics

let log: MemoryLog
let mail: MailSandbox
let connector: RunningConnector

beforeEach(async () => {
  log = memoryLog()
  mail = await startMailSandbox({ keep: 3 })
  connector = await connect(mail.url)
})

afterEach(async () => {
  await connector.close()
  await mail.close()
})

function connect(...url: readonly string[]): Promise<RunningConnector> {
  return runConnector(emailConnector(schemas, { providers: providersAt(...url), codeSecret: 'secret' }), { log })
}

function providersAt(...urls: readonly string[]) {
  return urls.map((url, at) => {
    const calls = new ProviderCalls({ tries: 2, pauseMs: 1, pauseMsMax: 1 })
    return { name: `email-${at + 1}`, url, calls }
  })
}

function notice(requestId: string, more: Partial<NotificationRequested> = {}): NotificationRequested {
  const facts = {
    requestId,
    recipient: 'jo@example.com',
    subject: 'Your plan',
    body: 'Paid.',
    channel: 'EMAIL' as const,
  }
  return sampleRecord('NotificationRequested', { ...facts, ...more })
}

test('sends a notice as a mail that anybody can read, and reports its message id', async () => {
  const body = `Grüße!\n\nSie zahlen 14,32 € am 15.01.1997.\n.\n${'Eine sehr lange Zeile. '.repeat(20).trimEnd()}`
  await writeTo(
    log,
    requests,
    notice('req_1', { subject: 'Ihr Kauf wurde genehmigt – 57,27 €, vielen Dank für alles', body }),
  )
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({
      requestId: 'req_1',
      channel: 'EMAIL',
      delivered: true,
      providerRef: '<req_1@fourfold.example>',
      failureCode: null,
      provider: 'email-1',
    }),
  ])
  expect(mail.messages()).toEqual([
    {
      to: ['jo@example.com'],
      from: 'Fourfold <notices@fourfold.example>',
      subject: 'Ihr Kauf wurde genehmigt – 57,27 €, vielen Dank für alles',
      messageId: '<req_1@fourfold.example>',
      date: 'Thu, 01 Jan 2026 00:00:00 +0000',
      text: body,
    },
  ])
})

test('a mail that comes twice is one, and only the last ones are kept', async () => {
  await writeTo(log, requests, notice('req_1'), notice('req_2'), notice('req_3'), notice('req_2'), notice('req_4'))
  await readFrom(log, results, 5)
  expect(
    mail
      .messages()
      .map(({ messageId }) => messageId)
      .sort(),
  ).toEqual(['<req_2@fourfold.example>', '<req_3@fourfold.example>', '<req_4@fourfold.example>'])
})

test('reports a mailbox that the server refuses', async () => {
  await writeTo(log, requests, notice('req_1', { recipient: 'jo+bounce@example.com' }))
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ delivered: false, providerRef: null, failureCode: 'smtp_550' }),
  ])
})

test('reports a mail server that is not there', async () => {
  await mail.close()
  await connector.close()
  connector = await connect(mail.url)
  await writeTo(log, requests, notice('req_1'))
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ delivered: false, failureCode: 'provider_unavailable' }),
  ])
  expect(connector.status().failures).toBe(2)
})

test('goes by the second server where the first is away, and says so', async () => {
  const other = await startMailSandbox()
  await connector.close()
  await mail.close()
  connector = await connect(mail.url, other.url)
  await writeTo(log, requests, notice('req_1'))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining({ delivered: true, provider: 'email-2' })])
  expect(other.messages().map(({ messageId }) => messageId)).toEqual(['<req_1@fourfold.example>'])
  await other.close()
})

test('a mailbox that takes nothing for now is no trouble of the server, and is reported', async () => {
  await writeTo(log, requests, notice('req_1', { recipient: 'jo+later@example.com' }))
  expect(await readFrom(log, results, 1)).toEqual([
    expect.objectContaining({ delivered: false, failureCode: 'smtp_450', provider: 'email-1' }),
  ])
  expect(connector.status().failures).toBe(0)
})

test.each([
  ['does not let us in', { onMailFrom: refuse(550) }, { delivered: true, provider: 'email-2' }],
  ['does not take the text', { onData: refuse(550) }, { failureCode: 'smtp_data_550', provider: 'email-1' }],
  ['has no room for now', { onData: refuse(452) }, { delivered: true, provider: 'email-2' }],
])('tells a server that %s from a mailbox that is not there', async (_what, refusing, expected) => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    ...refusing,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  await connector.close()
  connector = await connect(`smtp://127.0.0.1:${port}`, mail.url)
  await writeTo(log, requests, notice('req_1'))
  expect(await readFrom(log, results, 1)).toEqual([expect.objectContaining(expected)])
  await connector.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

/** A step of SMTP that is answered with an error; what comes in is read to its end. */
function refuse(responseCode: number) {
  return (sent: object, _session: object, done: (error: Error) => void) => {
    const answer = () => done(Object.assign(new Error('No'), { responseCode }))
    if (!(sent instanceof Readable)) return answer()
    sent.on('end', answer).resume()
  }
}

test('leaves SMS and push to others', async () => {
  await writeTo(
    log,
    requests,
    notice('req_1', { channel: 'SMS' }),
    notice('req_2', { channel: 'PUSH' }),
    notice('req_3'),
  )
  expect((await readFrom(log, results, 1)).map(({ requestId }) => requestId)).toEqual(['req_3'])
  expect(
    await eventually(
      () => connector.status().lag,
      (lag) => lag === 0,
    ),
  ).toBe(0)
  expect(mail.messages().length).toBe(1)
})
