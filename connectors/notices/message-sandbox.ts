import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { RecentList } from '../runtime/recent-list.ts'
import { AnsweredKeys } from '../sandbox/answered-keys.ts'
import { idempotentRoute, type KeyedAnswer, sandboxError } from '../sandbox/idempotent-route.ts'

/** What kind of messages a provider takes. */
export type MessageSandboxOptions = {
  /** Names the file of answered keys. */
  readonly name: string
  /** Where messages are posted to. */
  readonly path: string
  /** Fields of a message, all of them text. */
  readonly fields: readonly string[]
  /** Why a message is not delivered; null where it is. */
  readonly failureOf: (message: Readonly<Record<string, string>>) => string | null
  /** Where answered keys are kept. */
  readonly directory?: string | undefined
  /** How many messages are kept to be looked at. */
  readonly keep?: number
}

/** A message that was delivered. */
export type SandboxMessage = { readonly id: string; readonly fields: Readonly<Record<string, string>> }

/** A provider of messages; `messages` are the last ones delivered, oldest first. */
export type MessageSandbox = {
  readonly app: Hono
  messages(): readonly SandboxMessage[]
  close(): Promise<void>
}

const KEEP = 1_000

/**
 * Opens a provider that takes one message a request and shows the last ones at GET `path`, also for one `?to=`;
 * GET `path/by-key/<key>` says what became of a request.
 */
export function messageSandbox(options: MessageSandboxOptions): MessageSandbox {
  const keys = new AnsweredKeys({ name: options.name, directory: options.directory })
  const messages = new RecentList<SandboxMessage>(options.keep ?? KEEP)
  const app = new Hono()
  app.post(
    options.path,
    idempotentRoute(keys, ({ key, body }): KeyedAnswer => {
      const wrong = options.fields.find((field) => typeof body[field] !== 'string')
      if (wrong !== undefined) return sandboxError(422, 'message_invalid', `${wrong} must be text.`)
      const fields = Object.fromEntries(options.fields.map((field) => [field, String(body[field])]))
      const id = idOf(key)
      const failure = options.failureOf(fields)
      if (failure !== null) return { status: 402, body: failed(id, failure), note: failure }
      messages.add(id, { id, fields })
      return { status: 201, body: { id } }
    }),
  )
  app.get(`${options.path}/by-key/:key`, (c) => {
    const key = c.req.param('key')
    const known = keys.get(key)
    if (known === undefined) return c.json({ error: { code: 'key_unknown' } }, 404)
    return known.note === '' ? c.json({ id: idOf(key) }) : c.json(failed(idOf(key), known.note), 402)
  })
  app.get(options.path, (c) => {
    const to = c.req.query('to')
    return c.json(messages.list().filter((message) => to === undefined || message.fields.to === to))
  })
  return { app, messages: () => messages.list(), close: () => keys.close() }
}

function idOf(key: string): string {
  return `msg_${hash('sha256', key, 'hex').slice(0, 24)}`
}

function failed(id: string, code: string) {
  return { id, failure: { code } }
}
