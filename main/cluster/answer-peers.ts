import { StreamsError } from '#streams'
import { instanceStatus } from '../operations/instance-status.ts'
import { deadLetterViews, parkedKeyViews } from '../operations/quarantine-views.ts'
import { listedSums, storeSums } from '../reconciliation/store-sums.ts'
import { type LocalPart, localApp } from './local-part.ts'
import type { PeerQuestion } from './peers.ts'
import { valueSerde } from './state-queries.ts'

type Answers = {
  readonly [K in PeerQuestion['kind']]: (question: Extract<PeerQuestion, { kind: K }>) => Promise<unknown>
}

/** Answers what the other processes ask this one. */
export function peerAnswers(local: LocalPart): (question: unknown) => Promise<unknown> {
  const answers: Answers = {
    state: async ({ app, store, key, partitionKey, position, timeoutMs }) => {
      const options = { partitionKey, timeoutMs, ...(position === null ? {} : { position }) }
      const value = await localApp(local, app).query<unknown>(store).get(key, options)
      if (value === undefined) return null
      return valueSerde(local.topologies, app, store).serialize(value).toString('base64')
    },
    status: () => instanceStatus(local),
    'store-sums': async () => listedSums(await storeSums(local.apps)),
    'dead-letters': ({ app, limit }) => deadLetterViews(localApp(local, app), limit),
    'parked-keys': ({ app }) => parkedKeyViews(localApp(local, app)),
    decide: async ({ app, key, action }) => {
      const running = localApp(local, app)
      await (action === 'replay' ? running.replayKey(key) : running.discardKey(key))
      return null
    },
    wake: async ({ key }) => {
      local.wake(key)
      return null
    },
  }
  return (question) => {
    const { kind } = (question ?? {}) as Partial<PeerQuestion>
    if (kind === undefined || !Object.hasOwn(answers, kind)) {
      const asked = JSON.stringify(kind)
      const message = `Another process asked for ${asked}, which means nothing here. Do all run the same version?`
      return Promise.reject(new StreamsError('QUERY_REQUEST_INVALID', message))
    }
    return (answers[kind] as (one: unknown) => Promise<unknown>)(question)
  }
}
