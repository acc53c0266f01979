/** The shops and shoppers of the demo in a thread of their own: to the platform they are as far away as real ones. */
import { parentPort, workerData } from 'node:worker_threads'
import { DemoJournal } from './demo-journal.ts'
import { drive } from './drive.ts'
import { Latencies } from './latencies.ts'
import { PlatformClient } from './platform-client.ts'
import { readPurchases } from './purchases-file.ts'
import { Shoppers } from './shoppers.ts'

/** What the driver needs to know. */
export type DriveOrder = {
  readonly purchasesPath: string
  readonly limit: number
  readonly journalPath: string
  readonly baseUrl: string
  readonly gatewayUrl: string
  readonly operatorToken: string
  /** Codes are made with it. */
  readonly codeSecret: string
}

/** What the driver tells: how far it is, and at the end what only it knows. */
export type DriveNews =
  | { readonly kind: 'progress'; readonly date: string; readonly done: number; readonly total: number }
  | {
      readonly kind: 'end'
      readonly refused: number
      readonly decisionMs: { readonly p50: number | null; readonly p99: number | null }
    }

const order = workerData as DriveOrder
const tell = (news: DriveNews) => parentPort?.postMessage(news)
const client = new PlatformClient(order.baseUrl)
const journal = new DemoJournal(order.journalPath)
const latencies = new Latencies()
await drive(readPurchases(order.purchasesPath, order.limit), {
  ...{ client, journal, latencies },
  shoppers: new Shoppers({ client, gatewayUrl: order.gatewayUrl, codeSecret: order.codeSecret, journal }),
  operatorToken: order.operatorToken,
  onProgress: (date, done, total) => tell({ kind: 'progress', date, done, total }),
})
tell({
  kind: 'end',
  refused: journal.refused(),
  decisionMs: { p50: latencies.quantile(0.5), p99: latencies.quantile(0.99) },
})
