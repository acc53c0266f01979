import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import { startChdbHttp } from '../testing/chdb-http.ts'
import { clickhouseUnderTest } from '../testing/clickhouse-under-test.ts'
import { sinkSuite } from '../testing/sink-suite.ts'
import { openServerAnalytics } from './server-analytics.ts'

const url = process.env['CLICKHOUSE_URL']

// The suite below runs the same client against the same engine over HTTP; name a server to run it on that one as well.
if (url !== undefined) sinkSuite('A ClickHouse server', async () => clickhouseUnderTest(await openServerAnalytics(url)))

sinkSuite('The client over HTTP, answered by chdb,', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fourfold-chdb-http-'))
  const server = await startChdbHttp(directory)
  const tested = clickhouseUnderTest(await openServerAnalytics(server.url))
  return {
    ...tested,
    close: async () => {
      await tested.close()
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
})

test('says that nothing answers at the URL', async () => {
  await expect(openServerAnalytics('http://127.0.0.1:1')).rejects.toSatisfy((error) =>
    isStreamsError(error, 'ANALYTICS_UNAVAILABLE'),
  )
})
