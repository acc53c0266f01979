import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import { clickhouseUnderTest } from '../testing/clickhouse-under-test.ts'
import { sinkSuite } from '../testing/sink-suite.ts'
import { openChdbAnalytics } from './chdb-analytics.ts'

sinkSuite('chdb', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fourfold-chdb-'))
  const tested = clickhouseUnderTest(await openChdbAnalytics(directory))
  return {
    ...tested,
    close: async () => {
      await tested.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
})

test('says what is missing on a machine without the package, and how to get it', async () => {
  const missing = openChdbAnalytics(join(tmpdir(), 'fourfold-never-made'), 'chdb-for-another-machine')
  await expect(missing).rejects.toSatisfy((error) => isStreamsError(error, 'ANALYTICS_MISSING'))
  await expect(missing).rejects.toThrow('npm install chdb')
})

test('says that a directory cannot be opened', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fourfold-chdb-open-'))
  const first = await openChdbAnalytics(join(directory, 'one'))
  await expect(openChdbAnalytics(join(directory, 'two'))).rejects.toSatisfy((error) =>
    isStreamsError(error, 'ANALYTICS_UNAVAILABLE'),
  )
  await first.close()
  await rm(directory, { recursive: true, force: true })
})
