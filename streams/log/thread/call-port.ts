import type { MessagePort } from 'node:worker_threads'
import { StreamsError } from '../../errors.ts'

/** What one side may ask of the other, by name: what it gives, and what it is answered. */
type Calls<C> = { readonly [K in keyof C]: readonly [input: unknown, output: unknown] }

/** How what may be asked is answered. The signal says that nobody waits for the answer any more, or not for long. */
export type CallHandlers<C extends Calls<C>> = {
  readonly [K in keyof C]: (input: C[K][0], signal: AbortSignal) => Promise<C[K][1]>
}

/** What goes over the port. A failure without a code is not one of ours. */
type Message =
  | { readonly ask: PropertyKey; readonly id: number; readonly input: unknown }
  | { readonly cancel: number }
  | { readonly answered: number; readonly output: unknown }
  | { readonly failed: number; readonly code: string | null; readonly message: string }

type Waiting = { readonly resolve: (output: unknown) => void; readonly reject: (error: Error) => void }

/**
 * Calls from thread to thread, in both directions over one port, answered in any order. An `ArrayBuffer` that stands in
 * `bytes` of what is given or answered is handed over and not copied.
 */
export class CallPort<Asks extends Calls<Asks>, Answers extends Calls<Answers>> {
  private readonly port: MessagePort
  private readonly handlers: CallHandlers<Answers>
  private readonly waiting = new Map<number, Waiting>()
  private readonly underWay = new Map<number, AbortController>()
  private lastId = 0
  private isOver = false
  private readonly over = Promise.withResolvers<void>()

  constructor(port: MessagePort, handlers: CallHandlers<Answers>) {
    this.port = port
    this.handlers = handlers
    port.on('message', (message: Message) => this.hear(message))
    port.on('close', () => this.end())
  }

  /** Resolves when the port is closed, by either side or because the other thread has ended. */
  get closed(): Promise<void> {
    return this.over.promise
  }

  /** @throws StreamsError THREAD_ENDED where the other side is gone, and what it failed with */
  call<K extends keyof Asks>(name: K, input: Asks[K][0], signal?: AbortSignal): Promise<Asks[K][1]> {
    if (this.isOver) return Promise.reject(ended())
    this.lastId += 1
    const id = this.lastId
    const answered = new Promise<Asks[K][1]>((resolve, reject) => this.waiting.set(id, { resolve, reject }))
    this.send({ ask: name, id, input }, input)
    if (signal === undefined) return answered
    const cancel = () => this.send({ cancel: id })
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
    return answered.finally(() => signal.removeEventListener('abort', cancel))
  }

  /** Says of all that was asked that its answer is not waited for any longer. What there is of it still comes. */
  cancelAll(): void {
    for (const id of this.waiting.keys()) this.send({ cancel: id })
  }

  /** Ends all calls, on both sides. */
  close(): void {
    this.port.close()
    this.end()
  }

  private hear(message: Message): void {
    if ('ask' in message) void this.answer(message.ask as keyof Answers, message.id, message.input)
    else if ('cancel' in message) this.underWay.get(message.cancel)?.abort()
    else if ('answered' in message) this.take(message.answered)?.resolve(message.output)
    else this.take(message.failed)?.reject(failureOf(message))
  }

  private async answer<K extends keyof Answers>(name: K, id: number, input: unknown): Promise<void> {
    const controller = new AbortController()
    this.underWay.set(id, controller)
    try {
      const output = await this.handlers[name](input as Answers[K][0], controller.signal)
      this.send({ answered: id, output }, output)
    } catch (error) {
      const code = error instanceof StreamsError ? error.code : null
      this.send({ failed: id, code, message: error instanceof Error ? error.message : String(error) })
    } finally {
      this.underWay.delete(id)
    }
  }

  private send(message: Message, content?: unknown): void {
    if (this.isOver) return
    const bytes = (content as { readonly bytes?: unknown } | undefined)?.bytes
    this.port.postMessage(message, bytes instanceof ArrayBuffer ? [bytes] : [])
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    return waiting
  }

  private end(): void {
    if (this.isOver) return
    this.isOver = true
    for (const controller of this.underWay.values()) controller.abort()
    for (const { reject } of this.waiting.values()) reject(ended())
    this.waiting.clear()
    this.over.resolve()
  }
}

function failureOf({ code, message }: { readonly code: string | null; readonly message: string }): Error {
  return code === null ? new Error(message) : new StreamsError(code, message)
}

function ended(): StreamsError {
  return new StreamsError('THREAD_ENDED', 'The thread that was asked has ended. Start it again.')
}
