import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { testSeed } from '../seed.ts'
import type { KafkaBrokerOptions } from './broker-options.ts'
import { KafkaBroker } from './kafka-broker.ts'
import { findKafkaSource, testedKafkaVersion, whyNoOwnBroker } from './kafka-source.ts'
import {
  closeProxiedCluster,
  openProxiedCluster,
  type ProxiedCluster,
  type ProxiedClusterOptions,
} from './proxied-cluster.ts'

const START_MS_MAX = 180_000

/** The broker that all test files of a run share. Topics and groups of a test need names of their own. */
export type SharedKafka = {
  /** `host:port` of each broker. Only in tests and hooks: while tests are collected it is not started yet. */
  readonly brokers: readonly string[]
}

/**
 * A suite that needs a real broker and does not harm it. Without one the suite is one skipped test that says how to get
 * it; where `CI` is `true` that is a failure. To be awaited at the top of a test file.
 */
export async function describeWithKafka(name: string, body: (kafka: SharedKafka) => void): Promise<void> {
  const source = await findKafkaSource()
  if (source.kind === 'none') return describeMissing(name, source.reason)
  describe(name, () => {
    let brokers: readonly string[] | null = null
    beforeAll(async () => {
      const response = await fetch(inject('kafkaBrokersUrl'))
      const text = await response.text()
      if (!response.ok) throw new Error(text)
      brokers = JSON.parse(text) as string[]
    }, START_MS_MAX)
    body({
      get brokers() {
        if (brokers === null) throw new Error('The broker is started before the first test; ask for it in one.')
        return brokers
      },
    })
  })
}

/** A suite that starts brokers itself, and so needs Java; otherwise like `describeWithKafka`. */
export async function describeWithJava(name: string, body: () => void): Promise<void> {
  const reason = await whyNoOwnBroker(testedKafkaVersion())
  if (reason === null) describe(name, body)
  else describeMissing(name, reason)
}

/**
 * A suite with a broker of its own, which it may restart, kill and freeze, or which needs listeners and settings of its
 * own. It is started before the first test and stopped after the last one, and needs Java; otherwise like
 * `describeWithKafka`.
 * @param body gets the broker by a function, because there is none while tests are collected
 */
export async function describeWithOwnKafka(
  name: string,
  options: KafkaBrokerOptions | (() => Promise<KafkaBrokerOptions>),
  body: (broker: () => KafkaBroker) => void,
): Promise<void> {
  const start = async () => {
    const chosen = typeof options === 'function' ? await options() : options
    return await KafkaBroker.start({ version: testedKafkaVersion(), ...chosen })
  }
  await describeWithOwn(name, { start, stop: (broker) => broker.stop() }, body)
}

/**
 * A suite with a cluster of its own, whose brokers are reached through proxies that fail as they are told; otherwise
 * like `describeWithOwnKafka`.
 */
export async function describeWithCluster(
  name: string,
  options: Partial<ProxiedClusterOptions>,
  body: (kafka: () => ProxiedCluster) => void,
): Promise<void> {
  const chosen = { brokers: 3, seed: testSeed(), version: testedKafkaVersion(), ...options }
  await describeWithOwn(name, { start: () => openProxiedCluster(chosen), stop: closeProxiedCluster }, body)
}

async function describeWithOwn<T>(
  name: string,
  { start, stop }: { readonly start: () => Promise<T>; readonly stop: (kafka: T) => Promise<void> },
  body: (kafka: () => T) => void,
): Promise<void> {
  await describeWithJava(name, () => {
    let kafka: T | null = null
    beforeAll(async () => {
      kafka = await start()
    }, START_MS_MAX)
    afterAll(async () => {
      if (kafka !== null) await stop(kafka)
    })
    body(() => {
      if (kafka === null) throw new Error('The broker is started before the first test; ask for it in one.')
      return kafka
    })
  })
}

function describeMissing(name: string, reason: string): void {
  describe(name, () => {
    test('runs on a real broker', (context) => {
      if (process.env['CI'] === 'true') throw new Error(`Nothing is left out in CI, and this ${reason}`)
      context.skip(reason)
    })
  })
}
