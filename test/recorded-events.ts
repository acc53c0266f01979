import { join } from 'node:path'
import { canonicalJson } from '#domain/canonical-json.ts'
import { readTopic } from '#main/reconciliation/read-topic.ts'
import { openRegistry } from '#main/registry.ts'
import { readSettings } from '#main/settings.ts'
import { openEmbeddedLog, type Topic } from '#streams'

type Typed = { readonly type: string; readonly meta: object }

/** Topics of facts: which of them happened does not depend on when the platform got round to it. */
const FACT_TOPICS = [
  ...(['consumerEvents', 'merchantEvents', 'purchaseEvents', 'creditEvents', 'planEvents', 'paymentRequests'] as const),
  ...(['paymentResults', 'paymentEvents', 'settlementEvents', 'payoutResults', 'ledgerEntries'] as const),
  'auditEntries' as const,
]

/**
 * What does depend on it. No order is given between topics or between consumers: an event can have either of two
 * causes, whichever was heard last, and so either of two ids; a running balance tells in which order things came.
 */
const BY_ORDER = ['meta', 'payableMinor', 'eventId', 'detail', 'sequence', 'previousHash', 'hash']
/** What is made with the secrets of a data directory. */
const BY_SECRET = ['sessionId', 'apiKeyId', 'gatewayRef', 'cardToken', 'token']
const UNTOLD: readonly string[] = [...BY_ORDER, ...BY_SECRET]
/** A sum over several topics, told whenever it changes: on the way it may be told in other steps. */
const RUNNING_SUMS: readonly string[] = ['ExposureChanged']

/** Every fact of a stopped platform as text; a fact that was written twice is there twice. */
export async function recordedEvents(dataDir: string): Promise<readonly string[]> {
  const log = await openEmbeddedLog({ directory: join(dataDir, 'log') })
  try {
    const { settings } = readSettings({ env: {}, args: ['--data-dir', dataDir] })
    const { schemas } = await openRegistry(settings, log)
    const events: string[] = []
    for (const name of FACT_TOPICS) {
      const topic = schemas.topics[name] as unknown as Topic<Typed>
      await readTopic(log, topic, (event) => {
        if (!RUNNING_SUMS.includes(event.type)) events.push(`${topic.name} ${textOf(event)}`)
      })
    }
    return events
  } finally {
    await log.close()
  }
}

function textOf(event: Typed): string {
  return canonicalJson(Object.fromEntries(Object.entries(event).filter(([name]) => !UNTOLD.includes(name))))
}

/** What one list has and the other has not, each thing as often as it is missing. */
export function unlike(left: readonly string[], right: readonly string[]): string[] {
  const count = new Map<string, number>()
  for (const text of left) count.set(text, (count.get(text) ?? 0) + 1)
  for (const text of right) count.set(text, (count.get(text) ?? 0) - 1)
  return [...count].flatMap(([text, times]) => (times === 0 ? [] : [`${times > 0 ? '+' : ''}${times} ${text}`]))
}
