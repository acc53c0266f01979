import { expect, test } from 'vitest'
import type { CreditState } from '#schemas'
import { registered } from './credit-samples.ts'
import { newCreditState } from './credit-state.ts'
import { FoldedFacts } from './folded-facts.ts'

function counted() {
  let folds = 0
  const facts = new FoldedFacts((state, fact): CreditState => {
    folds++
    return { ...state, limitMinor: state.limitMinor + fact.type.length }
  })
  return { facts, folds: () => folds }
}

test('folds the facts of a decision once, whoever asks again', () => {
  const { facts, folds } = counted()
  const state = newCreditState('con_1')
  const [first, second] = [registered(), registered()]
  const told = facts.after(facts.after(state, first), second)
  expect(facts.after(facts.after(state, first), second)).toBe(told)
  expect(folds()).toBe(2)
})

test('folds anew from another state, another fact that says the same, and after the decision', () => {
  const { facts, folds } = counted()
  const state = newCreditState('con_1')
  const fact = registered()
  const after = facts.after(state, fact)
  expect(facts.after(after, fact)).not.toBe(after)
  expect(facts.after(state, { ...fact })).not.toBe(after)
  facts.forget()
  expect(facts.after(state, fact)).not.toBe(after)
  expect(folds()).toBe(4)
})

test('gathers nothing where facts are folded without decisions', () => {
  const { facts, folds } = counted()
  const state = newCreditState('con_1')
  const all = Array.from({ length: 100 }, () => registered())
  for (const fact of all) facts.after(state, fact)
  facts.after(state, all[0] ?? registered())
  expect(folds()).toBe(101)
})
