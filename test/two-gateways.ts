/** The real payments topology, the real connectors and two sandbox gateways, whose troubles a test makes. */
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { CardTokens } from '#connectors/payment-gateway/card-tokens.ts'
import { inquiryCalls, paymentGatewayConnector } from '#connectors/payment-gateway/connector.ts'
import { gatewaySandbox } from '#connectors/payment-gateway/sandbox.ts'
import type { ChargeEvent } from '#connectors/payment-gateway/webhook.ts'
import { ProviderCalls } from '#connectors/runtime/provider-calls.ts'
import { type RunningConnector, runConnector } from '#connectors/runtime/run-connector.ts'
import { recordsOf, writeTo } from '#connectors/testing.ts'
import { GATEWAY_NAMES, type GatewayName } from '#domain/gateway-names.ts'
import type { PaymentEvent, PaymentRequest, PaymentResult, PlanPayments } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { type LogFaults, type MemoryLog, memoryLog, type Topic } from '#streams'
import { TopologyTestDriver } from '#streams/testing'
import { paymentsTopology } from '#topologies/payments/topology.ts'

/**
 * What befalls a request: let in; refused as busy; failed before anything was done; acted on with the answer lost; cut
 * off with nothing done; cut off, and acted on a moment later, or when it arrives; acted on, and never answered.
 */
export type Trouble = 'none' | 'busy' | 'broken' | 'answer lost' | 'cut off' | 'late' | 'held up' | 'silent'

const SECRET = 'secret'
const schemas = testSchemas({ partitions: 1 })
const { topics } = schemas

/** A sandbox gateway behind a server that can be made to fail. */
class TroubledGateway {
  readonly charged: { readonly paymentId: string; readonly amountMinor: number; readonly id: string }[] = []
  readonly refunded: string[] = []
  /** Asked for each request. */
  next: () => Trouble = () => 'none'
  readonly #server: Server
  #port = 0
  #silent: (() => void)[] = []
  #heldUp: (() => Response | Promise<Response>)[] = []

  constructor(name: GatewayName) {
    const { app } = gatewaySandbox({
      secret: SECRET,
      name: name === 'primary' ? 'payment-gateway' : 'payment-gateway-2',
      onEvent: (event) => this.#heard(event as ChargeEvent),
    })
    const handle = async (request: Request): Promise<Response> => {
      const trouble = this.next()
      if (trouble === 'busy') return new Response('{}', { status: 503 })
      if (trouble === 'broken') return new Response('{}', { status: 500 })
      if (trouble === 'cut off') return GONE
      const copy = new Request(request.url, {
        ...{ method: request.method, headers: request.headers, body: await request.text() },
      })
      if (trouble === 'late') {
        setTimeout(() => void app.fetch(copy), 30)
        return GONE
      }
      if (trouble === 'held up') {
        this.#heldUp.push(() => app.fetch(copy))
        return GONE
      }
      const answer = await app.fetch(copy)
      if (trouble === 'answer lost') return GONE
      if (trouble === 'silent') await new Promise<void>((resolve) => this.#silent.push(resolve))
      if (answer.ok && copy.url.endsWith('/refunds'))
        this.refunded.push(((await answer.clone().json()) as { charge: string }).charge)
      return answer
    }
    const listener = getRequestListener(handle)
    this.#server = createServer((request, response) => {
      // A dropped connection is one that says nothing.
      const writeHead = response.writeHead.bind(response)
      response.writeHead = ((status: number, ...rest: never[]) => {
        if (status === GONE_STATUS) response.destroy()
        else writeHead(status, ...rest)
        return response
      }) as typeof response.writeHead
      void listener(request, response)
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Again at the same port after `stop`. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Lets arrive what the network has held up. */
  async arrive(): Promise<void> {
    for (const come of this.#heldUp.splice(0)) await come()
  }

  async stop(): Promise<void> {
    for (const end of this.#silent.splice(0)) end()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #heard({ name, data: { id, reference, amountMinor } }: ChargeEvent): void {
    if (name === 'charge.succeeded') this.charged.push({ id, paymentId: reference, amountMinor })
  }
}

/** How long a gateway may take to answer, and how long one that fails is left out. */
type Patience = { readonly timeoutMs: number; readonly openMs: number }

const GONE_STATUS = 599
const GONE = new Response(null, { status: GONE_STATUS })

/** Some consumers with the same card, and plans that owe 25.00 each. */
export class TwoGateways {
  readonly primary = new TroubledGateway('primary')
  readonly secondary = new TroubledGateway('secondary')
  readonly faults: LogFaults = {}
  readonly log: MemoryLog = memoryLog({ faults: this.faults })
  readonly events: PaymentEvent[] = []
  readonly requests: PaymentRequest[] = []
  #driver: TopologyTestDriver
  #connectors: RunningConnector[] = []
  #calls: Readonly<Record<GatewayName, ProviderCalls>> | null = null
  readonly #patience: Patience
  #results = 0
  #count = 0

  private constructor(driver: TopologyTestDriver, patience: Patience) {
    this.#driver = driver
    this.#patience = patience
  }

  /** `number`: of the consumer's card. */
  static async open(number = '4242424242424242', patience: Partial<Patience> = {}): Promise<TwoGateways> {
    const driver = await TopologyTestDriver.create(paymentsTopology(schemas))
    const all = new TwoGateways(driver, { timeoutMs: 150, openMs: 40, ...patience })
    await Promise.all([all.primary.start(), all.secondary.start()])
    await all.startConnectors()
    const card = new CardTokens(SECRET).tokenOf(number)
    if (card === null) throw new Error(`${number} is no test card.`)
    for (const consumerId of CONSUMERS) {
      const kept = { consumerId, paymentMethodId: 'pm_1', ...card, expiryMonth: 12, expiryYear: 2030, meta: all.meta() }
      await all.pipe(topics.paymentCommands, sampleRecord('AddPaymentMethod', kept))
    }
    return all
  }

  async close(): Promise<void> {
    await this.stopConnectors()
    await Promise.all([this.primary.stop(), this.secondary.stop()])
  }

  async startConnectors(): Promise<void> {
    const { timeoutMs } = this.#patience
    const quick = { tries: 2, pauseMs: 1, pauseMsMax: 1, openAfterFailures: 6 }
    const calls = () => new ProviderCalls({ ...quick, ...this.#patience })
    this.#calls = { primary: calls(), secondary: calls() }
    for (const gateway of GATEWAY_NAMES) {
      const options = {
        gateway,
        url: this[gateway].url,
        calls: this.#calls[gateway],
        inquiries: inquiryCalls(timeoutMs),
      }
      this.#connectors.push(
        await runConnector(paymentGatewayConnector(schemas, options), { log: this.log, slowMs: 20 }),
      )
    }
  }

  async stopConnectors(): Promise<void> {
    await Promise.all(this.#connectors.splice(0).map((one) => one.close()))
  }

  circuit(gateway: GatewayName): string {
    return this.#calls?.[gateway].circuit ?? 'none'
  }

  /** Every charge to the first gateway of this route. */
  route(...gateways: readonly GatewayName[]): Promise<void> {
    const shares = gateways.map((gateway, index) => ({ gateway, percent: index === 0 ? 100 : 0 }))
    const rule = { name: 'all', brands: [], currencies: [], minMinor: null, maxMinor: null, shares }
    return this.pipe(
      topics.gatewayRouteCommands,
      sampleRecord('PublishGatewayRoutes', { meta: this.meta(), rules: [rule] }),
    )
  }

  /** A plan that owes 25.00 falls due, and is charged. Answers its id. */
  async due(consumerId: string = WHO.consumerId): Promise<string> {
    const planId = `pln_${++this.#count}`
    const dueNow = {
      ...WHO,
      consumerId,
      planId,
      instalmentNo: 1,
      amountMinor: 25_00,
      paymentMethodId: 'pm_1',
      meta: this.meta(),
    }
    await this.pipe(topics.planEvents, sampleRecord('InstalmentDue', dueNow))
    return planId
  }

  /** The consumer pays what is asked over plans that owe 25.00 each. */
  async payOver(plans: number, amountMinor: number): Promise<void> {
    for (let no = 0; no < plans; no += 1) {
      const planId = `pln_${++this.#count}`
      const owed = { no: 1, dueDate: '2026-01-01', amountMinor: 25_00, paidMinor: 0, feesMinor: 0, feesPaidMinor: 0 }
      const instalments = [{ ...owed, status: 'DUE' as const, delinquency: null, interest: null }]
      await this.pipe(
        topics.planEvents,
        sampleRecord('PlanScheduled', { ...WHO, planId, meta: this.meta(), instalments }),
      )
    }
    const pay = { ...WHO, amountMinor, paymentId: 'pay_all', paymentMethodId: 'pm_1', prepayment: 'NEXT', planIds: [] }
    await this.pipe(topics.paymentCommands, sampleRecord('PayPlans', { ...pay, meta: this.meta() }))
  }

  /** All that waits goes its way, until nothing is on its way any more or `isEnough`. */
  async settle(isEnough: () => boolean = () => false): Promise<void> {
    for (let looks = 0; looks < 2_000; looks += 1) {
      await this.#pump()
      if (isEnough() || (await this.inFlight()) === 0) return
      for (const { requestId } of this.requests) for (const one of this.#connectors) one.wake(requestId)
      await sleep(2)
    }
    throw new Error('The payments do not come to an end.')
  }

  /** Payments on their way. */
  async inFlight(): Promise<number> {
    const plans = await this.#driver.store<PlanPayments>('payments').entries()
    return plans
      .flatMap(([, { payments, returns }]) => [...payments, ...returns])
      .filter((it) => it.status === 'IN_FLIGHT').length
  }

  async pipe<V>(topic: Topic<V>, value: V): Promise<void> {
    await this.#driver.pipe(topic, value)
    await this.#pump()
  }

  meta() {
    return sampleMeta(`evt_${++this.#count}`)
  }

  /** Requests of the topology to the log; results of the connectors to the topology. */
  async #pump(): Promise<void> {
    const results = (await recordsOf(this.log, topics.paymentResults.name)).slice(this.#results)
    this.#results += results.length
    for (const { value } of results) {
      await this.#driver.pipe(
        topics.paymentResults,
        topics.paymentResults.value.deserialize(value as Buffer) as PaymentResult,
      )
    }
    for (const value of this.#driver.readValues(topics.paymentRequests) as PaymentRequest[]) {
      this.requests.push(value)
      await writeTo(this.log, topics.paymentRequests, value)
    }
    this.events.push(...(this.#driver.readValues(topics.paymentEvents) as PaymentEvent[]))
  }
}

/** Who has a card. */
export const CONSUMERS = ['con_1', 'con_2', 'con_3']
/** The consumer of most tests. */
export const WHO = { consumerId: 'con_1', currency: 'EUR' }
