import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import { databaseSuite } from '../testing/database-suite.ts'
import { postgresUnderTest } from '../testing/postgres-under-test.ts'
import { sinkSuite } from '../testing/sink-suite.ts'
import { openPgliteDatabase } from './pglite-database.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourfold-pglite-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

databaseSuite('PGlite', () => openPgliteDatabase(null))
sinkSuite('PGlite', async () => postgresUnderTest(await openPgliteDatabase(null)))

test('keeps what it has from one opening to the next', async () => {
  const at = join(directory, 'deep', 'database')
  const first = await openPgliteDatabase(at)
  await first.query('CREATE TABLE kept (a integer)')
  await first.query('INSERT INTO kept VALUES (7)')
  await first.close()
  const second = await openPgliteDatabase(at)
  expect(await second.query('SELECT a FROM kept')).toEqual([{ a: 7 }])
  await second.close()
})

test('says that it is closed', async () => {
  const database = await openPgliteDatabase(null)
  await database.close()
  await database.close()
  await expect(database.query('SELECT 1')).rejects.toSatisfy((error) => isStreamsError(error, 'DATABASE_UNAVAILABLE'))
})

test('says why it cannot be opened', async () => {
  await expect(openPgliteDatabase('/dev/null/database')).rejects.toSatisfy((error) =>
    isStreamsError(error, 'DATABASE_UNAVAILABLE'),
  )
})
