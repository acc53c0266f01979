import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde, type Serde } from '../serde/serde.ts'
import {
  DAY_MS,
  events,
  type Input,
  type Invoice,
  type InvoiceEvent,
  inputs,
  invoiceDriver,
  invoices,
  invoiceTopology,
  open,
  pay,
  tick,
  ticks,
} from '../testing/invoice-scene.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import { recordsOf, TaskScene } from '../testing/task-scene.ts'

const brief = (found: readonly (InvoiceEvent | null)[]) => found.map((event) => `${event?.type} ${event?.invoice}`)

describe('decide', () => {
  test('forwards the events of an input under the key of its aggregate and folds them into the state', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, open('a', 100), { key: 'somebody', timestampMs: 5 })
    expect(driver.read(events)).toEqual([
      { key: 'a', value: { type: 'Opened', invoice: 'a', dueMs: 100 }, timestampMs: 5 },
    ])
    expect(await driver.store<Invoice>('invoice').entries()).toEqual([['a', { status: 'open', times: 0, dueMs: 100 }]])
  })

  test('forwards several events in their order', async () => {
    const driver = await invoiceDriver({
      decide: (_state, _input, invoice) => [
        { type: 'Opened', invoice, dueMs: 1 },
        { type: 'Paid', invoice },
      ],
    })
    await driver.pipe(inputs, open('a', 1))
    expect(brief(driver.readValues(events))).toEqual(['Opened a', 'Paid a'])
    expect(await driver.store<Invoice>('invoice').get('a')).toMatchObject({ status: 'paid' })
  })

  test('lets an input without an aggregate pass by', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, { type: 'Note' })
    expect(driver.readValues(events)).toEqual([])
    expect(await driver.store('invoice').entries()).toEqual([])
  })

  test('writes no state where the events leave it as it is', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, open('a', 100))
    await driver.pipe(inputs, open('a', 200))
    expect(brief(driver.readValues(events))).toEqual(['Opened a', 'Refused a'])
    expect(driver.records('invoices.invoice.changelog')).toHaveLength(1)
  })

  test('writes nothing at all where there are no events', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, pay('a'))
    expect(driver.records('invoices.invoice.changelog')).toEqual([])
    expect(driver.records('invoices.answers.changelog')).toEqual([])
  })
})

describe('decide on ticks', () => {
  test('wakes what is due, in the order of time and then of keys, and nothing else', async () => {
    const asked: string[] = []
    const driver = await invoiceDriver({
      decide: (state, input, key) => {
        if (input.type === 'Tick') asked.push(key)
        return invoices.decide(state, input, key)
      },
    })
    const dues = { d: 2, c: 2, b: 3, a: 9 * DAY_MS, z: 1 }
    for (const [invoice, dueMs] of Object.entries(dues)) await driver.pipe(inputs, open(invoice, dueMs))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS + 3))
    expect(brief(driver.readValues(events))).toEqual(['Reminded z', 'Reminded c', 'Reminded d', 'Reminded b'])
    // The tick is run again while its state is loaded; however often, it never looks at what is not due.
    expect(new Set(asked)).toEqual(new Set(['z', 'c', 'd', 'b']))
  })

  test('wakes an aggregate as often as it is due within one tick, and in between others by time', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, open('a', 0))
    await driver.pipe(inputs, open('b', DAY_MS / 2))
    driver.readValues(events)
    await driver.pipe(ticks, tick(2.6 * DAY_MS))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a', 'Reminded b', 'Reminded a', 'Reminded b'])
    await driver.pipe(ticks, tick(100 * DAY_MS))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a', 'Reminded b', 'WrittenOff a', 'WrittenOff b'])
    await driver.pipe(ticks, tick(200 * DAY_MS))
    expect(driver.readValues(events)).toEqual([])
  })

  test('wakes at the due time itself and not a millisecond before', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, open('a', 50))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS + 49))
    expect(driver.readValues(events)).toEqual([])
    await driver.pipe(ticks, tick(DAY_MS + 50))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a'])
  })

  test('reads the state of all that is due in one step', async () => {
    const scene = new TaskScene(invoiceTopology())
    const commands = Array.from({ length: 300 }, (_, index) => open(`invoice-${index}`, 0))
    const opened = await scene.process(commands.map((one) => scene.record('inputs', 'k', JSON.stringify(one))))
    await scene.commit(opened)
    const fresh = new TaskScene(invoiceTopology(), { backend: scene.backend })
    fresh.backend.gets.length = 0
    const batch = await fresh.process([fresh.record('ticks', 'day', JSON.stringify(tick(DAY_MS)))])
    expect(recordsOf(batch, 'events')).toHaveLength(300)
    expect(fresh.backend.gets).toEqual([300])
  })

  test('leaves an aggregate that has nothing to say until the next tick', async () => {
    let quiet = true
    const driver = await invoiceDriver({
      decide: (state, input, key) => (input.type === 'Tick' && quiet ? [] : invoices.decide(state, input, key)),
    })
    await driver.pipe(inputs, open('a', 0))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS))
    expect(driver.readValues(events)).toEqual([])
    expect(driver.deadLetters()).toEqual([])
    quiet = false
    await driver.pipe(ticks, tick(DAY_MS + 1))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a'])
  })

  test('forgets what is not due any more', async () => {
    const driver = await invoiceDriver()
    await driver.pipe(inputs, open('a', 0))
    expect(await dueOf(driver)).toEqual(['a'])
    await driver.pipe(inputs, pay('a'))
    expect(await dueOf(driver)).toEqual([])
    driver.readValues(events)
    await driver.pipe(ticks, tick(9 * DAY_MS))
    expect(driver.readValues(events)).toEqual([])
  })

  test('follows the rule of today where an entry was written by another one', async () => {
    let graceMs = DAY_MS
    const driver = await invoiceDriver({
      dueAt: (state) => (state.status === 'open' ? state.dueMs + graceMs : null),
    })
    await driver.pipe(inputs, open('later', 0))
    await driver.pipe(inputs, open('paid', 0))
    driver.readValues(events)
    graceMs = 3 * DAY_MS
    await driver.pipe(ticks, tick(DAY_MS))
    expect(driver.readValues(events)).toEqual([])
    await driver.pipe(ticks, tick(3 * DAY_MS))
    expect(brief(driver.readValues(events))).toEqual(['Reminded later', 'Reminded paid'])
    expect(await dueOf(driver)).toHaveLength(2)
  })

  test('takes fractions, the far future and times before 1970 as due times', async () => {
    const driver = await invoiceDriver({ dueAt: (state) => (state.status === 'open' ? state.dueMs : null) })
    await driver.pipe(inputs, open('past', -5 * DAY_MS))
    await driver.pipe(inputs, open('fraction', 10.5))
    await driver.pipe(inputs, open('far', Number.MAX_VALUE))
    driver.readValues(events)
    await driver.pipe(ticks, tick(10))
    expect(new Set(brief(driver.readValues(events)))).toEqual(new Set(['Reminded past', 'WrittenOff past']))
    await driver.pipe(ticks, tick(11))
    expect(brief(driver.readValues(events))).toEqual(['Reminded fraction'])
    expect(await dueOf(driver)).toEqual(['fraction', 'far'])
  })

  test('refuses a due time that is no number', async () => {
    const driver = await invoiceDriver({ dueAt: () => Number.NaN })
    await driver.pipe(inputs, open('a', 1))
    expect(driver.deadLetters()).toMatchObject([{ code: 'STREAMS_DUE_TIME_INVALID', step: 'decide-invoice' }])
    expect(await driver.store('invoice').entries()).toEqual([])
  })

  test('stops waking an aggregate whose events never move its due time', async () => {
    const driver = await invoiceDriver({
      evolve: (state, event) => (event.type === 'Reminded' ? { ...state } : invoices.evolve(state, event)),
    })
    await driver.pipe(inputs, open('a', 0))
    await driver.pipe(inputs, open('b', 1))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS))
    expect(driver.deadLetters()).toMatchObject([{ code: 'STREAMS_DUE_LOOP', key: 'a' }])
    expect(await driver.store<Invoice>('invoice').get('b')).toMatchObject({ status: 'open' })
  })
})

describe('decide on a tick that fails on one aggregate', () => {
  const broken = (isBroken: () => boolean): Partial<typeof invoices> => ({
    decide: (state, input, key) => {
      if (input.type === 'Tick' && key === 'b' && isBroken()) throw new TypeError('b is broken')
      return invoices.decide(state, input, key)
    },
  })

  test('undoes that one only, says so, and tries it again with the next tick', async () => {
    let isBroken = true
    const driver = await invoiceDriver(
      broken(() => isBroken),
      { policies: { onProcessError: 'park' } },
    )
    for (const invoice of ['a', 'b', 'c']) await driver.pipe(inputs, open(invoice, 0))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a', 'Reminded c'])
    expect(driver.deadLetters()).toMatchObject([
      { key: 'b', code: 'TypeError', message: 'b is broken', step: 'decide-invoice', topic: 'ticks', offset: 0 },
    ])
    isBroken = false
    await driver.pipe(ticks, tick(DAY_MS + 1))
    expect(brief(driver.readValues(events))).toEqual(['Reminded b'])
    expect(driver.deadLetters()).toHaveLength(1)
  })

  test('also where it is its state that cannot be written', async () => {
    const picky: Serde<Invoice> = {
      ...jsonSerde<Invoice>(),
      serialize: (state) => {
        if (state.times === 1 && state.dueMs === DAY_MS + 7) throw new RangeError('seven')
        return jsonSerde<Invoice>().serialize(state)
      },
    }
    const driver = await invoiceDriver({}, { state: picky })
    for (const [invoice, dueMs] of Object.entries({ a: 6, b: 7, c: 8 })) await driver.pipe(inputs, open(invoice, dueMs))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS + 9))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a', 'Reminded c'])
    expect(driver.deadLetters()).toMatchObject([{ key: 'b', message: 'seven' }])
  })

  test('stops where the policy is to fail, with nothing of the tick done', async () => {
    const driver = await invoiceDriver(
      broken(() => true),
      { policies: { onProcessError: 'fail' } },
    )
    for (const invoice of ['a', 'b']) await driver.pipe(inputs, open(invoice, 0))
    driver.readValues(events)
    await expect(driver.pipe(ticks, tick(DAY_MS))).rejects.toMatchObject({ code: 'STREAMS_PROCESS_FAILED' })
    expect(driver.readValues(events)).toEqual([])
  })

  test('counts it where the policy is to skip', async () => {
    const driver = await invoiceDriver(
      broken(() => true),
      { policies: { onProcessError: 'skip' } },
    )
    for (const invoice of ['a', 'b']) await driver.pipe(inputs, open(invoice, 0))
    driver.readValues(events)
    await driver.pipe(ticks, tick(DAY_MS))
    expect(brief(driver.readValues(events))).toEqual(['Reminded a'])
    expect(driver.stats()['inputs.0']).toMatchObject({ skipped: 1, deadLetters: 0 })
  })
})

describe('decide with answers', () => {
  test('drops a repeated command and counts it, in the same batch and in a later one', async () => {
    const driver = await invoiceDriver()
    const command = open('a', 0)
    await driver.pipeAll(inputs, [command, command])
    await driver.pipe(inputs, command)
    expect(brief(driver.readValues(events))).toEqual(['Opened a'])
    expect(driver.stats()['inputs.0']).toMatchObject({ repeats: 2 })
    expect(await driver.store('answers').get(command.id)).toEqual({ outcome: 'Opened', atMs: 0 })
  })

  test('still drops it after a crash', async () => {
    const driver = await invoiceDriver()
    const command = open('a', 0)
    await driver.pipe(inputs, command)
    await driver.crash()
    await driver.pipe(inputs, command)
    expect(brief(driver.readValues(events))).toEqual(['Opened a'])
  })

  test('keeps no answer of a command that had no events, so that it may come again', async () => {
    const driver = await invoiceDriver()
    const command = pay('a')
    await driver.pipe(inputs, command)
    await driver.pipe(inputs, open('a', 0))
    await driver.pipe(inputs, command)
    expect(brief(driver.readValues(events))).toEqual(['Opened a', 'Paid a'])
  })

  test('removes an answer when its time is over, by a tick', async () => {
    const driver = await invoiceDriver()
    const first = open('a', 0, { atMs: 5 })
    const second = open('b', 0, { atMs: 6 })
    await driver.pipeAll(inputs, [first, second, pay('a', { atMs: 40 * DAY_MS }), pay('b', { atMs: 40 * DAY_MS })])
    await driver.pipe(ticks, tick(30 * DAY_MS + 5))
    expect((await driver.store('answers').entries()).map(([key]) => key)).not.toContain(first.id)
    expect(await driver.store('answers').get(second.id)).toBeDefined()
    await driver.pipe(inputs, first)
    expect(brief(driver.readValues(events)).at(-1)).toBe('Refused a')
  })

  test('leaves no trace of the answers it removed', async () => {
    const driver = await invoiceDriver()
    await driver.pipeAll(inputs, [open('a', 0, { atMs: 5 }), pay('a', { atMs: 6 })])
    await driver.pipe(ticks, tick(40 * DAY_MS))
    expect(await driver.store('answers').entries()).toEqual([])
    expect(await driver.store('due').entries()).toEqual([])
  })

  test('keeps state, answer and events together or not at all', async () => {
    const driver = await invoiceDriver({
      evolve: (state, event) => {
        if (event.type === 'Paid') throw new Error('cannot evolve')
        return invoices.evolve(state, event)
      },
    })
    const command = pay('a')
    await driver.pipeAll(inputs, [open('a', 0), command])
    expect(brief(driver.readValues(events))).toEqual(['Opened a'])
    expect(await driver.store<Invoice>('invoice').get('a')).toMatchObject({ status: 'open' })
    expect(await driver.store('answers').get(command.id)).toBeUndefined()
    expect(driver.deadLetters()).toMatchObject([{ message: 'cannot evolve' }])
  })
})

describe('decide refuses options that contradict each other', () => {
  const store = (builder: StreamsBuilder) => builder.store('invoice', { value: jsonSerde<Invoice>() })
  const { dueAt: _, ...timeless } = invoices
  const answers = (builder: StreamsBuilder, keepMs: number) => ({
    store: builder.store('answers', { value: jsonSerde<string>() }),
    idOf: () => null,
    answer: () => '',
    keepMs,
    answeredAtMs: () => 0,
  })

  test.each<[string, (builder: StreamsBuilder) => object]>([
    ['dueAt without a clock', () => ({ decider: invoices })],
    ['a clock without a dueStore', (b) => ({ decider: invoices, clock: clockOf(b) })],
    ['a dueStore without a clock', () => ({ decider: timeless, dueStore: 'due' })],
    ['answers for a time without a clock', (b) => ({ decider: timeless, answers: answers(b, 1) })],
  ])('%s', (_title, options) => {
    const builder = new StreamsBuilder('app')
    const stream = builder.stream('inputs', jsonTopic<Input>('inputs'))
    const given = { store: store(builder), ...options(builder) } as never
    expect(() => stream.decide('decide', given)).toThrow(expect.objectContaining({ code: 'STREAMS_DECIDE_OPTIONS' }))
  })

  test('takes answers that are kept for ever without a clock', () => {
    const builder = new StreamsBuilder('app')
    const stream = builder.stream('inputs', jsonTopic<Exclude<Input, { type: 'Tick' }>>('inputs'))
    stream.decide('decide', { store: store(builder), decider: timeless, answers: answers(builder, Infinity) })
    expect(builder.build().subtopologies[0]?.storeNames).toEqual(['invoice', 'answers'])
  })
})

const clockOf = (builder: StreamsBuilder) => builder.clock('clock', ticks, { timeMs: (input) => input.timeMs })

async function dueOf(driver: Awaited<ReturnType<typeof invoiceDriver>>): Promise<string[]> {
  const entries = await driver.store<true>('due').entries()
  return entries.flatMap(([key]) => (key.startsWith('d') ? [key.slice(17)] : []))
}
