import { Worker } from 'node:worker_threads'
import type { DeliveryAnswer } from '../notices/send-notice.ts'
import { ProviderUnavailable } from '../runtime/provider-error.ts'
import type { MailOrder, MailReply, MailWorkerOptions } from './mail-worker.ts'
import type { Mail } from './mapping.ts'

type Pending = { readonly resolve: (answer: DeliveryAnswer) => void; readonly reject: (error: Error) => void }

/**
 * Mail over SMTP on a thread of its own: putting mails together was a tenth of what the event loop of the platform did,
 * and no decision should wait for it. The thread is started with the first mail, and again where it has ended.
 */
export class MailThread {
  readonly #options: MailWorkerOptions
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #lastId = 0

  /** See `EmailClient`. */
  constructor(url: string, from: string) {
    this.#options = { url, from }
  }

  /** See `EmailClient.send`. @throws ProviderUnavailable where another try or another server can help */
  send(mail: Mail): Promise<DeliveryAnswer> {
    this.#lastId += 1
    const id = this.#lastId
    const answered = new Promise<DeliveryAnswer>((resolve, reject) => this.#pending.set(id, { resolve, reject }))
    this.#worker ??= this.#start()
    this.#worker.postMessage({ id, mail } satisfies MailOrder)
    return answered
  }

  close(): void {
    this.#worker?.postMessage('close' satisfies MailOrder)
    this.#worker = null
  }

  #start(): Worker {
    const worker = new Worker(new URL('./mail-worker.ts', import.meta.url), { workerData: this.#options })
    let why = 'its thread has ended'
    worker.on('message', (reply: MailReply) => this.#settle(reply))
    worker.on('error', (error) => {
      why = error.message
    })
    worker.on('exit', () => this.#ended(worker, why))
    return worker
  }

  #settle(reply: MailReply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if ('answer' in reply) pending?.resolve(reply.answer)
    else pending?.reject(new ProviderUnavailable(reply.problem, reply.mayHaveActed))
  }

  /** What was on its way may have been sent. */
  #ended(worker: Worker, why: string): void {
    if (this.#worker === worker) this.#worker = null
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of lost) reject(new ProviderUnavailable(`No mail could be sent: ${why}.`, true))
  }
}
