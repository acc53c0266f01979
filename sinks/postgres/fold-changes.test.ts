import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import type { SinkEvent } from '../feed/feed-record.ts'
import { sampleLife } from '../testing/sample-life.ts'
import { ChangeFold, type RowGroup } from './fold-changes.ts'
import type { Columns } from './projection.ts'
import { projections } from './projections/all.ts'
import { consumers } from './projections/consumers.ts'

const life = sampleLife(3, 2).map((happening) => happening.event)
const registered = sampleRecord('ConsumerRegistered', { consumerId: 'con_1', email: 'ada@example.com' })
const pending = sampleRecord('KycStatusChanged', { consumerId: 'con_1', status: 'PENDING' })
const approved = sampleRecord('KycStatusChanged', { consumerId: 'con_1', status: 'APPROVED' })

function groupsOf(events: readonly SinkEvent[], of = projections): readonly RowGroup[] {
  const fold = new ChangeFold(of)
  for (const event of events) fold.add(event)
  return fold.groups()
}

/** What a database does with groups: a put makes or overwrites a row, a patch overwrites one that is there. */
function apply(tables: Map<string, Columns>, groups: readonly RowGroup[]): void {
  for (const { table, key, kind, rows } of groups) {
    for (const row of rows) {
      const id = JSON.stringify([table, ...key.map((name) => row[name])])
      const before = tables.get(id)
      if (kind === 'put' || before !== undefined) tables.set(id, { ...before, ...row })
    }
  }
}

function tablesAfter(batches: readonly (readonly SinkEvent[])[]): ReadonlyMap<string, Columns> {
  const tables = new Map<string, Columns>()
  for (const batch of batches) apply(tables, groupsOf(batch))
  return tables
}

describe('ChangeFold', () => {
  test('folds what happened to a row into one change; the last value of a column wins', () => {
    const groups = groupsOf([registered, pending, approved], [consumers])
    expect(groups).toMatchObject([
      {
        table: 'consumers',
        kind: 'put',
        rows: [{ consumer_id: 'con_1', email: 'ada@example.com', kyc_status: 'APPROVED' }],
      },
    ])
  })

  test('patches a row that an earlier batch made', () => {
    const [group] = groupsOf([approved], [consumers])
    expect(group).toMatchObject({
      kind: 'patch',
      columns: ['consumer_id', 'kyc_status', 'kyc_check_id', 'kyc_final', 'kyc_reasons'],
    })
  })

  test('writes rows with the same columns by one statement', () => {
    const other = sampleRecord('ConsumerRegistered', { consumerId: 'con_2', email: 'bob@example.com' })
    const groups = groupsOf([registered, other, approved], [consumers])
    expect(groups.map(({ kind, rows }) => [kind, rows.length])).toEqual([
      ['put', 1],
      ['put', 1],
    ])
    expect(groupsOf([registered, other], [consumers]).map((group) => group.rows.length)).toEqual([2])
  })

  test('leaves the same tables wherever the batches end', () => {
    const expected = tablesAfter(life.map((event) => [event]))
    expect(expected.size).toBeGreaterThan(100)
    const cuts = fc.array(fc.integer({ min: 0, max: life.length }), { maxLength: 8 })
    const property = fc.property(cuts, (at) => {
      const ends = [0, ...at.sort((a, b) => a - b), life.length]
      const batches = ends.slice(1).map((end, index) => life.slice(ends[index], end))
      expect(tablesAfter(batches)).toEqual(expected)
    })
    fc.assert(property, { numRuns: 30 })
  })
})
