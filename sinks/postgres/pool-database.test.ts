import { afterAll, beforeAll, expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import { databaseSuite } from '../testing/database-suite.ts'
import { postgresUnderTest } from '../testing/postgres-under-test.ts'
import { type RealPostgres, startRealPostgres } from '../testing/real-postgres.ts'
import { sinkSuite } from '../testing/sink-suite.ts'
import { openPoolDatabase } from './pool-database.ts'

let server: RealPostgres
beforeAll(async () => {
  server = await startRealPostgres()
}, 60_000)
afterAll(() => server.stop())

databaseSuite('A PostgreSQL server', () => openPoolDatabase(server.url))
sinkSuite('A PostgreSQL server', async () => postgresUnderTest(await openPoolDatabase(server.url)))

test('says that nothing answers at the URL', async () => {
  const nobody = openPoolDatabase('postgres://nobody:secret@127.0.0.1:1/nothing')
  await expect(nobody).rejects.toSatisfy((error) => isStreamsError(error, 'DATABASE_UNAVAILABLE'))
  await expect(nobody).rejects.not.toThrow('secret')
})
