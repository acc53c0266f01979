import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { openPgliteDatabase } from './pglite-database.ts'

let database: Database
let directory: string

beforeAll(async () => {
  database = await openPgliteDatabase(null)
  directory = await mkdtemp(join(tmpdir(), 'fourfold-migrations-'))
  await writeFile(join(directory, '0001-one.sql'), 'CREATE TABLE one (a integer); INSERT INTO one VALUES (1);')
})

afterAll(async () => {
  await database.close()
  await rm(directory, { recursive: true, force: true })
})

describe('migrate', () => {
  test('runs each file once, in order', async () => {
    expect(await migrate(database, directory)).toEqual(['0001-one.sql'])
    await writeFile(join(directory, '0002-two.sql'), 'UPDATE one SET a = a + 1')
    expect(await migrate(database, directory)).toEqual(['0002-two.sql'])
    expect(await migrate(database, directory)).toEqual([])
    expect(await database.query('SELECT a FROM one')).toEqual([{ a: 2 }])
  })

  test('leaves nothing of a file that fails in its middle', async () => {
    await writeFile(join(directory, '0003-broken.sql'), 'UPDATE one SET a = 100; SELECT nonsense;')
    await expect(migrate(database, directory)).rejects.toSatisfy((error) => isStreamsError(error, 'DATABASE_FAILED'))
    expect(await database.query('SELECT a FROM one')).toEqual([{ a: 2 }])
    await rm(join(directory, '0003-broken.sql'))
  })

  test('refuses a file that is not what was run', async () => {
    await writeFile(join(directory, '0002-two.sql'), 'UPDATE one SET a = a + 2')
    await expect(migrate(database, directory)).rejects.toSatisfy((error) => isStreamsError(error, 'MIGRATION_CHANGED'))
  })

  test('refuses a database that a newer version has made', async () => {
    await rm(join(directory, '0002-two.sql'))
    await expect(migrate(database, directory)).rejects.toSatisfy((error) => isStreamsError(error, 'MIGRATION_UNKNOWN'))
  })
})

test('no two migrations of the read model have the same number', async () => {
  const files = await readdir(new URL('./migrations', import.meta.url))
  const numbers = files.map((file) => Number(file.slice(0, 4))).sort((a, b) => a - b)
  expect(numbers).toEqual([...new Set(numbers)])
  expect(numbers[0]).toBe(1)
})
