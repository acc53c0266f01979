/** The demo on a real broker: the same purchases, day by day, until every plan is over, and equal to the cent. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { describeWithOwnKafka } from '#streams/testing'
import { endPrograms, Program } from './program.ts'
import { newDirectory, removeDirectories } from './test-platform.ts'

/** `DEMO_KAFKA_LIMIT` takes more purchases of the file. */
const LIMIT = process.env['DEMO_KAFKA_LIMIT'] ?? '150'

await describeWithOwnKafka('the demo on Kafka', {}, (broker) => {
  afterEach(endPrograms)
  afterAll(removeDirectories)

  test(`reconciles ${LIMIT} purchases to the cent`, async () => {
    const args = ['--limit', LIMIT, '--json', '--data-dir', newDirectory('demo-kafka')]
    const program = new Program('main/demo.ts', args, { KAFKA_BROKERS: broker().addresses.plain })
    const { code } = await program.ended
    expect([code, program.stderr.replaceAll(/^\d{4}-\d\d-\d\d {2}\d+ %\n/gm, '')]).toEqual([0, ''])
    expect(JSON.parse(program.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      ...{ purchases: Number(LIMIT), reconciled: true, differences: [] },
      approved: expect.any(Number),
    })
    const auditor = ['verify', '--data-dir', newDirectory('auditor')]
    const audit = new Program('main/audit.ts', auditor, { KAFKA_BROKERS: broker().addresses.plain })
    expect([(await audit.ended).code, audit.stdout]).toEqual([0, expect.stringMatching(/[1-9]\d* entries .* is whole/)])
  }, 900_000)
})
