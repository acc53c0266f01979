/**
 * A small world for the tests of `decide`: invoices that are opened and paid. Time reminds of an unpaid one a day after
 * it was due, every day, three times, and then writes it off.
 */
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import type { Decider } from '../processor/decider.ts'
import { jsonSerde, type Serde } from '../serde/serde.ts'
import type { FailurePolicies } from '../topology/policies.ts'
import type { Topology } from '../topology/topology.ts'
import { type DriverOptions, TopologyTestDriver } from './driver.ts'
import { jsonTopic } from './json-topic.ts'

/** A day in milliseconds. */
export const DAY_MS = 86_400_000

/** Opens an invoice. */
export type Open = {
  readonly type: 'Open'
  readonly id: string
  readonly invoice: string
  readonly dueMs: number
  readonly atMs: number
}
/** Pays it. */
export type Pay = { readonly type: 'Pay'; readonly id: string; readonly invoice: string; readonly atMs: number }
/** Concerns no invoice. */
export type Note = { readonly type: 'Note' }
/** Business time moves. */
export type Tick = { readonly type: 'Tick'; readonly timeMs: number }
/** All that the rules are asked about. */
export type Input = Open | Pay | Note | Tick
/** All that they answer. */
export type InvoiceEvent =
  | { readonly type: 'Opened' | 'Paid' | 'WrittenOff' | 'Refused'; readonly invoice: string }
  | { readonly type: 'Reminded'; readonly invoice: string; readonly times: number; readonly dueMs: number }
/** The state of an invoice. */
export type Invoice = {
  readonly status: 'none' | 'open' | 'paid' | 'written-off'
  readonly times: number
  readonly dueMs: number
}
type Answer = { readonly outcome: string; readonly atMs: number }

/** The rules. `dueAt` of the base rules is that of the state. */
export const invoices: Required<Decider<Invoice, Input, InvoiceEvent & { dueMs?: number }>> = {
  initial: () => ({ status: 'none', times: 0, dueMs: 0 }),
  keyOf: (input) => ('invoice' in input ? input.invoice : null),
  decide: (state, input, invoice) => {
    switch (input.type) {
      case 'Open':
        if (state.status !== 'none') return [{ type: 'Refused', invoice }]
        return [{ type: 'Opened', invoice, dueMs: input.dueMs }]
      case 'Pay':
        return state.status === 'open' ? [{ type: 'Paid', invoice }] : []
      case 'Tick':
        if (state.times === 3) return [{ type: 'WrittenOff', invoice }]
        return [{ type: 'Reminded', invoice, times: state.times + 1, dueMs: state.dueMs + DAY_MS }]
      case 'Note':
        return []
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'Opened':
        return { status: 'open', times: 0, dueMs: event.dueMs ?? 0 }
      case 'Reminded':
        return { ...state, times: event.times, dueMs: event.dueMs }
      case 'Paid':
        return { ...state, status: 'paid' }
      case 'WrittenOff':
        return { ...state, status: 'written-off' }
      case 'Refused':
        return state
    }
  },
  dueAt: (state) => (state.status === 'open' ? state.dueMs + DAY_MS : null),
}

/** The topics of the scene. */
export const inputs = jsonTopic<Exclude<Input, Tick>>('inputs')
export const ticks = jsonTopic<Tick>('ticks')
export const events = jsonTopic<InvoiceEvent>('events')

/** What a test wants different from the scene. */
export type InvoiceSceneOptions = {
  readonly policies?: Partial<FailurePolicies>
  readonly state?: Serde<Invoice>
  readonly driver?: DriverOptions
}

/** Starts a driver on the rules. */
export function invoiceDriver(
  changed: Partial<typeof invoices> = {},
  options: InvoiceSceneOptions = {},
): Promise<TopologyTestDriver> {
  return TopologyTestDriver.create(invoiceTopology(changed, options), options.driver)
}

/** The topology of the rules: `inputs` and `ticks` in, `events` out. */
export function invoiceTopology(changed: Partial<typeof invoices> = {}, options: InvoiceSceneOptions = {}): Topology {
  const builder = new StreamsBuilder('invoices', options.policies)
  const store = builder.store('invoice', { value: options.state ?? jsonSerde<Invoice>() })
  const answers = builder.store('answers', { value: jsonSerde<Answer>() })
  const clock = builder.clock('clock', ticks, { timeMs: (tick) => tick.timeMs })
  builder
    .stream('inputs', inputs)
    .decide('decide-invoice', {
      store,
      decider: { ...invoices, ...changed },
      clock,
      dueStore: 'due',
      answers: {
        store: answers,
        idOf: (input) => ('id' in input ? input.id : null),
        answer: (input, given) => ({ outcome: given[0]?.type ?? '', atMs: 'atMs' in input ? input.atMs : 0 }),
        keepMs: 30 * DAY_MS,
        answeredAtMs: (answer) => answer.atMs,
      },
    })
    .to('events', events)
  return builder.build()
}

let commands = 0

/** A command to open an invoice that is due at a time. */
export function open(invoice: string, dueMs: number, more: Partial<Open> = {}): Open {
  return { type: 'Open', id: `cmd-${++commands}`, invoice, dueMs, atMs: 0, ...more }
}

/** A command to pay an invoice. */
export function pay(invoice: string, more: Partial<Pay> = {}): Pay {
  return { type: 'Pay', id: `cmd-${++commands}`, invoice, atMs: 0, ...more }
}

/** Business time moves. */
export const tick = (timeMs: number): Tick => ({ type: 'Tick', timeMs })
