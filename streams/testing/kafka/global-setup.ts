import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { findKafkaSource, startTestKafka, type TestKafka } from './kafka-source.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers with the brokers of this run, as JSON; the first who asks makes it start one. */
    kafkaBrokersUrl: string
  }
}

/**
 * One broker for a whole run of Vitest, whatever the number of its processes, and none for a run that needs none: the
 * main process starts it when the first test asks, and stops it at the end.
 * @returns what Vitest calls at the end of the run
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let kafka: Promise<TestKafka> | null = null
  const server = createServer((_, response) => {
    kafka ??= findKafkaSource().then(startTestKafka)
    kafka.then(
      ({ brokers }) => response.end(JSON.stringify(brokers)),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  project.provide('kafkaBrokersUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    const started = await kafka?.catch(() => null)
    await started?.stop()
  }
}
