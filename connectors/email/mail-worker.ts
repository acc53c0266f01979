/** The thread that talks SMTP: takes mails as messages, and answers each with what became of it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DeliveryAnswer } from '../notices/send-notice.ts'
import { ProviderUnavailable } from '../runtime/provider-error.ts'
import { EmailClient } from './client.ts'
import type { Mail } from './mapping.ts'

/** Where the mails of a thread go, and whom they are from. */
export type MailWorkerOptions = { readonly url: string; readonly from: string }

/** A mail to be sent, or the end. */
export type MailOrder = { readonly id: number; readonly mail: Mail } | 'close'

/** What became of a mail. */
export type MailReply =
  | { readonly id: number; readonly answer: DeliveryAnswer }
  | { readonly id: number; readonly problem: string; readonly mayHaveActed: boolean }

const { url, from } = workerData as MailWorkerOptions
const client = new EmailClient(url, from)

async function replyTo(id: number, mail: Mail): Promise<MailReply> {
  try {
    return { id, answer: await client.send(mail) }
  } catch (error) {
    const mayHaveActed = !(error instanceof ProviderUnavailable) || error.mayHaveActed
    return { id, problem: error instanceof Error ? error.message : String(error), mayHaveActed }
  }
}

parentPort?.on('message', (order: MailOrder) => {
  if (order !== 'close') return void replyTo(order.id, order.mail).then((reply) => parentPort?.postMessage(reply))
  client.close()
  // The thread ends when nothing is open any more.
  parentPort?.close()
})
