import { expect, test } from 'vitest'
import { produceVerdict } from './produce-errors.ts'
import { transactionVerdict } from './transaction-rules.ts'

const verdictOf = (error: string) =>
  produceVerdict({ topic: 'topic', partition: 0, error, detail: null, baseOffset: -1 })

test('only what a leader refuses before it takes it is certainly not written', () => {
  expect(['NOT_ENOUGH_REPLICAS', 'UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'].map(verdictOf)).toEqual(
    Array(3).fill('again'),
  )
  // It had been taken, and waited for the other copies.
  const taken = ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'REQUEST_TIMED_OUT', 'NOT_LEADER_OR_FOLLOWER']
  expect(taken.map(verdictOf)).toEqual(Array(3).fill('perhaps'))
})

test('a transaction that can only be aborted is, whichever of its requests is told so', () => {
  expect([verdictOf('TRANSACTION_ABORTABLE'), transactionVerdict('TRANSACTION_ABORTABLE')]).toEqual(['abort', 'abort'])
})
