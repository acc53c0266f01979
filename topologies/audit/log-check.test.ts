import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { entryHash } from './chain.ts'
import { LogCheck, type SubjectFault } from './log-check.ts'
import { subjectChain } from './subject-chain.ts'

/** A chain of payments of these amounts, written by the topology's own rules. */
function chainOf(amounts: readonly number[]): AuditEntry[] {
  const entries: AuditEntry[] = []
  let state = subjectChain.initial('con_1')
  for (const [index, amountMinor] of amounts.entries()) {
    const event = sampleRecord('PaymentSucceeded', {
      meta: sampleMeta(`evt_${index}`),
      consumerId: 'con_1',
      amountMinor,
    })
    const decided = subjectChain.decide(state, event, 'con_1')
    entries.push(...decided)
    state = decided.reduce(subjectChain.evolve, state)
  }
  return entries
}

const chain = chainOf([10, 20, 30, 40])
const at = (index: number) => chain[index] as AuditEntry
const replaced = (index: number, entry: AuditEntry) => chain.map((kept, i) => (i === index ? entry : kept))

/** What a check of these entries finds, where the topology's head of the chain is this. */
function found(entries: readonly AuditEntry[], head: AuditEntry): readonly SubjectFault[] {
  const check = new LogCheck()
  for (const entry of entries) check.take(entry)
  return check.end([head]).faults
}

describe('LogCheck', () => {
  test('accepts a chain as it was written', () => {
    expect(found(chain, at(3))).toEqual([])
    expect(new LogCheck().end([])).toEqual({ entries: 0, subjects: 0, faults: [] })
  })

  test('judges each subject by itself, and names them in order', () => {
    const check = new LogCheck()
    for (const entry of [at(0), at(2)]) {
      check.take(entry)
      check.take({ ...entry, subject: 'con_0' })
    }
    const faults = [
      { subject: 'con_0', sequence: 1, fault: 'CHANGED' },
      { subject: 'con_1', sequence: 2, fault: 'MISSING' },
    ]
    expect(check.end([at(2)])).toEqual({ entries: 4, subjects: 2, faults })
  })

  const swapped = [at(0), at(2), at(1), at(3)]
  const forged = { ...at(1), detail: at(1).detail.replace('20', '21') }
  test.each([
    ['a changed detail', replaced(1, forged), { sequence: 2, fault: 'CHANGED' }],
    ['a changed actor', replaced(2, { ...at(2), actor: 'someone' }), { sequence: 3, fault: 'CHANGED' }],
    ['a changed hash', replaced(3, { ...at(3), hash: at(2).hash }), { sequence: 4, fault: 'CHANGED' }],
    [
      'a change with its hash made again',
      replaced(1, { ...forged, hash: entryHash(forged) }),
      { sequence: 3, fault: 'FORKED' },
    ],
    ['a missing first entry', chain.slice(1), { sequence: 1, fault: 'MISSING' }],
    ['a missing entry in the middle', [at(0), at(1), at(3)], { sequence: 3, fault: 'MISSING' }],
    ['two entries that changed places', swapped, { sequence: 2, fault: 'REORDERED' }],
    ['an entry twice', [at(0), at(1), at(1)], { sequence: 2, fault: 'REORDERED' }],
    ['nothing left, where the head is known', [], { sequence: 1, fault: 'MISSING' }],
    ['a missing end, where the head is known', chain.slice(0, 3), { sequence: 4, fault: 'MISSING' }],
  ] as const)('finds %s', (_title, entries, fault) => {
    expect(found(entries, at(3))).toEqual([{ subject: 'con_1', ...fault }])
  })

  test('finds any single tampering of any chain', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 12 })
    const tampering = fc.constantFrom('amount', 'remove', 'swap')
    const property = fc.property(amounts, fc.nat(), tampering, (all, where, how) => {
      const entries = chainOf(all)
      const head = entries[entries.length - 1] as AuditEntry
      const index = where % (entries.length - 1)
      const [one, next] = entries.slice(index, index + 2) as [AuditEntry, AuditEntry]
      const with_ =
        { amount: [{ ...one, detail: `${one.detail} ` }, next], remove: [next], swap: [next, one] }[how] ?? []
      expect(found(entries.toSpliced(index, 2, ...with_), head)).toHaveLength(1)
    })
    fc.assert(property)
  })
})
