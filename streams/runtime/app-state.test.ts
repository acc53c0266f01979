import { expect, test } from 'vitest'
import { AppStateMachine } from './app-state.ts'

const machine = () => {
  const seen: string[] = []
  return { seen, state: new AppStateMachine((to, from) => seen.push(`${from}>${to}`)) }
}

test('walks a life from the start to the end and tells each change once', () => {
  const { seen, state } = machine()
  for (const next of ['STARTING', 'REBALANCING', 'REBALANCING', 'RESTORING', 'RUNNING', 'CLOSING', 'CLOSED'] as const) {
    state.to(next)
  }
  expect(seen).toEqual([
    'CREATED>STARTING',
    'STARTING>REBALANCING',
    'REBALANCING>RESTORING',
    'RESTORING>RUNNING',
    'RUNNING>CLOSING',
    'CLOSING>CLOSED',
  ])
})

test('refuses a step that the table does not name, and stays where it was', () => {
  const { seen, state } = machine()
  expect(() => state.to('RUNNING')).toThrow(/CREATED cannot become RUNNING/)
  expect(state.current).toBe('CREATED')
  expect(seen).toEqual([])
})

test('never leaves CLOSED, and leaves FAILED only to close', () => {
  const { state } = machine()
  state.to('STARTING')
  state.to('FAILED')
  expect(() => state.to('RUNNING')).toThrow(/FAILED cannot become RUNNING/)
  state.to('CLOSING')
  state.to('CLOSED')
  expect(() => state.to('STARTING')).toThrow(/CLOSED cannot become STARTING/)
})
