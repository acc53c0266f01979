import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Latencies } from '#main/demo/latencies.ts'
import { type Shopper, setUpLoad, sideBySide } from './decisions-setup.ts'
import { LoadClient } from './load-client.ts'

/** What the load is made of. */
export type LoadPlan = {
  readonly baseUrl: string
  readonly operatorToken: string
  readonly codeSecret: string
  readonly consumers: number
  /** Whether each checkout is offered to its consumer only: then confirming it takes no command before the purchase. */
  readonly ownCheckouts: boolean
  /** Purchases before anything is measured: compilers of both sides have done their work then. */
  readonly warmUpPurchases: number
  /** Steady rates, one after the other, and how many purchases at each. */
  readonly rates: readonly { readonly perSecond: number; readonly purchases: number }[]
  readonly burstPurchases: number
}

type Quantiles = { readonly p50: number; readonly p99: number }

/**
 * What a rate has come to: `decisionMs` as the API tells it in Server-Timing, `requestMs` from outside, of those that
 * were decided; `failed` were refused, or not answered in time.
 */
export type PacedReport = {
  readonly perSecond: number
  readonly decided: number
  readonly failed: number
  readonly decisionMs: Quantiles
  readonly requestMs: Quantiles
}

/** What the load has measured at each rate, and at most. */
export type LoadReport = {
  readonly paced: readonly PacedReport[]
  readonly decisionsPerSecond: number
  readonly burstFailed: number
  /** All that were decided since the warm-up, and seconds of processor time of this thread meanwhile. */
  readonly decided: number
  readonly cpuSeconds: number
}

const CONNECTIONS_MAX = 256
/** How many wait for an answer at the same time while it is found out how many a second are decided at most. */
const AT_ONCE = 32
/** After a rate that was too much the next one begins when a purchase takes no longer than this, or after a while. */
const QUIET_MS = 500
const PROBES_MAX = 10
const PROBE_PAUSE_MS = 1_000

const plan = workerData as LoadPlan
const client = new LoadClient(plan.baseUrl, CONNECTIONS_MAX)

type Buy = () => Promise<number | null>

/** Confirms a checkout: the decision's time, or null where none came. */
async function confirm({ token, paymentMethodId }: Shopper, checkoutId: string): Promise<number | null> {
  const body = { product: 'PAY_IN_30', paymentMethodId }
  try {
    const order = { token, key: `confirm-${checkoutId}`, body }
    const { status, decisionMs } = await client.post(`/v1/checkouts/${checkoutId}/confirm`, order)
    return status < 400 ? decisionMs : null
  } catch {
    return null
  }
}

async function main(): Promise<LoadReport> {
  const { rates, warmUpPurchases, burstPurchases } = plan
  const paced = rates.reduce((sum, { purchases }) => sum + purchases + PROBES_MAX, 0)
  const orders = await setUpLoad(plan, warmUpPurchases + paced + burstPurchases)
  let next = 0
  let allDecided = 0
  const buy: Buy = async () => {
    const order = orders[next++]
    if (order === undefined) throw new Error('There is a checkout for each purchase.')
    const decisionMs = await confirm(order.shopper, order.checkoutId)
    if (decisionMs !== null) allDecided += 1
    return decisionMs
  }
  await tell('set up')
  await sideBySide(warmUpPurchases, buy, AT_ONCE)
  await quiet(buy, 1)
  await tell('warm')
  allDecided = 0
  const cpu = process.threadCpuUsage()
  const reports: PacedReport[] = []
  for (const rate of rates) {
    reports.push(await atRate(buy, rate))
    await quiet(buy, PROBES_MAX - 1)
  }
  const startedMs = performance.now()
  const burst = await sideBySide(burstPurchases, buy, AT_ONCE)
  const decided = burst.filter((ms) => ms !== null).length
  const decisionsPerSecond = (decided * 1_000) / (performance.now() - startedMs)
  client.close()
  const { user, system } = process.threadCpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  return { paced: reports, decisionsPerSecond, burstFailed: burst.length - decided, decided: allDecided, cpuSeconds }
}

/** Says how far we are, and goes on when the other side has done its part. */
async function tell(step: 'set up' | 'warm'): Promise<void> {
  if (parentPort === null) throw new Error('The load is put on by a worker.')
  parentPort.postMessage(step)
  await once(parentPort, 'message')
}

/** Waits until what a rate has left behind is worked off. */
async function quiet(buy: Buy, probesMax: number): Promise<void> {
  for (let probes = 0; probes < probesMax; probes += 1) {
    const startedMs = performance.now()
    if ((await buy()) !== null && performance.now() - startedMs < QUIET_MS) return
    await sleep(PROBE_PAUSE_MS)
  }
}

/** Requests start when their time has come, whether or not earlier ones are answered: a slow answer hides nothing. */
async function atRate(
  buy: Buy,
  { perSecond, purchases }: { readonly perSecond: number; readonly purchases: number },
): Promise<PacedReport> {
  const decisions = new Latencies()
  const requests = new Latencies()
  let decided = 0
  const startMs = performance.now()
  const all: Promise<void>[] = []
  for (let index = 0; index < purchases; index += 1) {
    const dueMs = startMs + (index * 1_000) / perSecond
    while (performance.now() < dueMs) await sleep(1)
    all.push(
      buy().then((decisionMs) => {
        if (decisionMs === null) return
        decided += 1
        decisions.add(decisionMs)
        requests.add(performance.now() - dueMs)
      }),
    )
  }
  await Promise.all(all)
  const failed = purchases - decided
  return { perSecond, decided, failed, decisionMs: quantiles(decisions), requestMs: quantiles(requests) }
}

function quantiles(latencies: Latencies): Quantiles {
  return { p50: latencies.quantile(0.5) ?? 0, p99: latencies.quantile(0.99) ?? 0 }
}

parentPort?.postMessage(await main())
