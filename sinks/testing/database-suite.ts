/** What both adapters of the database port do; run on each. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import type { Database } from '../postgres/database.ts'
import { groupStatement } from '../postgres/statements.ts'

/** Runs the suite; `open` gives an empty database. */
export function databaseSuite(name: string, open: () => Promise<Database>): void {
  describe(`${name} as a database`, () => {
    let database: Database
    beforeAll(async () => {
      database = await open()
      await database.query(
        'CREATE TABLE things (id text PRIMARY KEY, note text, amount bigint, born date, facts jsonb)',
      )
    }, 60_000)
    afterAll(() => database.close())

    test('gives values the same form as every other adapter', async () => {
      const [row] = await database.query(`
        SELECT 9007199254740991::bigint AS big, 1.5::numeric AS fraction, date '1997-01-31' AS day,
               timestamptz '2026-01-31 10:00:00.5+02' AS moment, '{"a":[1]}'::jsonb AS facts,
               true AS yes, null AS nothing`)
      expect(row).toEqual({
        big: 9007199254740991,
        fraction: 1.5,
        day: '1997-01-31',
        moment: '2026-01-31T08:00:00.500Z',
        facts: { a: [1] },
        yes: true,
        nothing: null,
      })
    })

    test('refuses a whole number that would lose its last digit', async () => {
      await expect(database.query('SELECT 9007199254740993::bigint AS big')).rejects.toThrow('MONEY_OVERFLOW')
    })

    test('keeps all statements of a transaction, or none', async () => {
      await database.transaction([
        { sql: "INSERT INTO things (id) VALUES ('a'); INSERT INTO things (id) VALUES ('b')" },
        { sql: 'INSERT INTO things (id) VALUES ($1)', params: ['c'] },
      ])
      const broken = database.transaction([{ sql: "DELETE FROM things WHERE id = 'a'" }, { sql: 'SELECT 1 / 0' }])
      await expect(broken).rejects.toSatisfy((error) => isStreamsError(error, 'DATABASE_FAILED'))
      expect(await database.query('SELECT id FROM things ORDER BY id')).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }])
    })

    test('makes, overwrites and patches rows, whatever is written in them', async () => {
      const group = { table: 'things', key: ['id'], columns: ['id', 'note', 'facts'] }
      const note = 'a\u0000b "quoted" \\u0000 \\ \n ünï 🎉'
      await database.transaction([
        groupStatement({
          ...group,
          kind: 'put',
          rows: [
            { id: 'd', note, facts: { 'k"': [note] } },
            { id: 'e', note: null, facts: [] },
          ],
        }),
        groupStatement({
          ...group,
          kind: 'patch',
          rows: [
            { id: 'e', note: 'patched', facts: {} },
            { id: 'nobody', note: '', facts: {} },
          ],
        }),
      ])
      const clean = note.replace('\u0000', '\ufffd')
      expect(await database.query("SELECT id, note, facts FROM things WHERE id > 'c' ORDER BY id")).toEqual([
        { id: 'd', note: clean, facts: { 'k"': [clean] } },
        { id: 'e', note: 'patched', facts: {} },
      ])
    })

    test('answers a wrong statement and goes on', async () => {
      await expect(database.query('SELECT * FROM nowhere')).rejects.toThrow('PostgreSQL refused a statement')
      expect(await database.query('SELECT $1::text AS word', ['yes'])).toEqual([{ word: 'yes' }])
    })
  })
}
