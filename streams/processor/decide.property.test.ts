import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DAY_MS,
  events,
  type Input,
  type Invoice,
  type InvoiceEvent,
  inputs,
  invoiceDriver,
  invoices,
  open,
  pay,
  tick,
  ticks,
} from '../testing/invoice-scene.ts'

/** The same rules on a plain map, without an index, a log or a store: what is due is looked for among all there is. */
class Model {
  readonly states = new Map<string, Invoice>()
  readonly answered = new Set<string>()
  readonly events: InvoiceEvent[] = []

  command(input: Exclude<Input, { type: 'Tick' | 'Note' }>): void {
    if (this.answered.has(input.id)) return
    if (this.decide(input.invoice, input) > 0) this.answered.add(input.id)
  }

  tick(timeMs: number): void {
    const quiet = new Set<string>()
    for (;;) {
      const due = this.due().filter(([at, key]) => at <= timeMs && !quiet.has(key))
      const [next] = due
      if (next === undefined) return
      if (this.decide(next[1], tick(timeMs)) === 0) quiet.add(next[1])
    }
  }

  /** [time, key] of all that will be due, in order. */
  due(): [number, string][] {
    const all: [number, string][] = []
    for (const [key, state] of this.states) {
      const at = invoices.dueAt(state)
      if (at !== null) all.push([at, key])
    }
    return all.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1))
  }

  private decide(key: string, input: Input): number {
    let state = this.states.get(key) ?? invoices.initial(key)
    const given = invoices.decide(state, input, key)
    for (const event of given) state = invoices.evolve(state, event)
    if (given.length > 0) this.states.set(key, state)
    this.events.push(...given)
    return given.length
  }
}

const key = fc.constantFrom('a', 'b', 'ä', 'zz', '')
const step = fc.oneof(
  fc.record({
    kind: fc.constant('commands' as const),
    commands: fc.array(
      fc.record({ invoice: key, dueDay: fc.integer({ min: 0, max: 12 }), opens: fc.boolean(), repeats: fc.boolean() }),
      { minLength: 1, maxLength: 6 },
    ),
  }),
  fc.record({ kind: fc.constant('tick' as const), days: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constant('crash' as const) }),
)

test('does what the rules say, whatever comes in between: batches, ticks, repeats, crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.constantFrom(0, 1e6), async (steps, cacheBytesMax) => {
      const driver = await invoiceDriver({}, { policies: { onProcessError: 'fail' }, driver: { cacheBytesMax } })
      const model = new Model()
      let day = 0
      for (const one of steps) {
        if (one.kind === 'crash') await driver.crash()
        if (one.kind === 'tick') {
          day += one.days
          model.tick(day * DAY_MS)
          await driver.pipe(ticks, tick(day * DAY_MS))
        }
        if (one.kind === 'commands') {
          const commands = one.commands.flatMap(({ invoice, dueDay, opens, repeats }) => {
            const command = opens ? open(invoice, dueDay * DAY_MS, { atMs: day * DAY_MS }) : pay(invoice)
            return repeats ? [command, command] : [command]
          })
          for (const command of commands) model.command(command)
          await driver.pipeAll(inputs, commands)
        }
      }
      expect(driver.readValues(events)).toEqual(model.events)
      const states = await driver.store<Invoice>('invoice').entries()
      expect(new Map(states)).toEqual(model.states)
      const due = (await driver.store('due').entries()).map(([entry]) => entry).filter((entry) => entry.startsWith('d'))
      expect(due.map((entry) => [Number(entry.slice(1, 17)), entry.slice(17)])).toEqual(model.due())
    }),
    { numRuns: 150 },
  )
})
