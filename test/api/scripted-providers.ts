import { bureauResult } from '#connectors/bureau/mapping.ts'
import { businessResult } from '#connectors/business/mapping.ts'
import { checkResult } from '#connectors/identity/mapping.ts'
import { paymentResult } from '#connectors/payment-gateway/mapping.ts'
import type {
  BureauReportRequested,
  IdentityCheckRequested,
  MerchantCheckRequested,
  PaymentRequest,
  Schemas,
} from '#schemas'
import { type Log, partitionFor, type Topic } from '#streams'

type CheckState = Parameters<typeof checkResult>[1]
type CreditFile = Parameters<typeof bureauResult>[1]
type BusinessFile = Parameters<typeof businessResult>[1]
type GatewayAnswer = Parameters<typeof paymentResult>[1]
type Later<T> = T | Promise<T>

/** What the outside answers; a test puts other functions in. */
export type ProviderScript = {
  identity: (request: IdentityCheckRequested) => Later<CheckState>
  bureau: (request: BureauReportRequested) => Later<CreditFile>
  business: (request: MerchantCheckRequested) => Later<BusinessFile>
  gateway: (request: PaymentRequest) => Later<GatewayAnswer>
}

/** Everybody is who they say, has a spotless file worth a limit of 600.00, and a card that works. */
export const everythingPasses: ProviderScript = {
  identity: ({ checkId }) => ({ id: checkId, status: 'approved', final: true, reasons: [], version: 1 }),
  bureau: ({ requestId }) => ({
    id: requestId,
    outcome: 'found',
    score: 560,
    openAccounts: 2,
    delinquencies: 0,
    inquiries: 0,
    oldestAccountMonths: 60,
    monthlyIncomeMinor: 400_000,
    attributes: null,
  }),
  business: ({ requestId }) => ({ id: requestId, status: 'verified', riskTier: 'standard', reasons: [] }),
  gateway: ({ requestId }) => ({ succeeded: true, id: `ch_${requestId}` }),
}

/** Answers the requests of the platform by a script, without a network. */
export class ScriptedProviders {
  readonly script: ProviderScript = { ...everythingPasses }
  readonly #log: Log
  readonly #stop = new AbortController()
  readonly #loops: Promise<void>[]

  constructor(log: Log, { topics }: Schemas) {
    this.#log = log
    this.#loops = [
      this.#answer(topics.identityRequests, topics.identityResults, async (request) =>
        checkResult(request, await this.script.identity(request)),
      ),
      this.#answer(topics.bureauRequests, topics.bureauResults, async (request) =>
        bureauResult(request, await this.script.bureau(request)),
      ),
      this.#answer(topics.merchantCheckRequests, topics.merchantCheckResults, async (request) =>
        businessResult(request, await this.script.business(request)),
      ),
      this.#answer(topics.paymentRequests, topics.paymentResults, async (request) =>
        paymentResult(request, await this.script.gateway(request)),
      ),
    ]
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#loops)
  }

  async #answer<Q, A>(requests: Topic<Q>, results: Topic<A>, answerTo: (request: Q) => Promise<A>): Promise<void> {
    const { signal } = this.#stop
    let positions = Array.from({ length: this.#log.partitionCount(requests.name) }, (_, partition) => {
      return { topic: requests.name, partition, offset: 0 }
    })
    while (!signal.aborted) {
      const fetched = await this.#log.fetch({ positions, maxBytes: 1_048_576, maxWaitMs: 30_000, signal })
      positions = fetched.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset }))
      for (const record of fetched.flatMap(({ records }) => records)) {
        if (record.value === null) continue
        void answerTo(requests.value.deserialize(record.value)).then((answer) => this.#write(results, answer))
      }
    }
  }

  async #write<A>(topic: Topic<A>, answer: A): Promise<void> {
    const key = Buffer.from(topic.keyOf?.(answer) ?? '')
    const partition = partitionFor(key, this.#log.partitionCount(topic.name))
    const value = topic.value.serialize(answer)
    await this.#log.append([{ topic: topic.name, partition, timestampMs: Date.now(), key, value }])
  }
}
