import { StreamsError } from '../errors.ts'
import { Beside } from './beside.ts'
import type { AnswersOptions, DecideOptions, RulesOptions } from './decide-options.ts'
import type { Decider } from './decider.ts'
import { type Due, DueIndex, indexedTime } from './due-index.ts'
import { DueQueue } from './due-queue.ts'
import type { Operator, OperatorContext, OperatorFactory, OperatorStore, Outputs } from './operator.ts'

/** How often one tick may wake the same aggregate before that counts as a loop. */
const WAKES_MAX = 10_000

/** Runs a decider on a store: inputs decide, events change the state and go on, ticks wake what is due. */
export function decideOperator<State, Input, Event>(
  node: string,
  options: DecideOptions<State, Input, Event>,
): OperatorFactory {
  return (context, outputs) => new DecideOperator(node, options, context, outputs)
}

/**
 * Invariant: an aggregate whose state is due at t has exactly one entry (t, key) in the due index, and one that is not
 * due has none; state and entry change in the same record.
 */
class DecideOperator<State, Input, Event> implements Operator {
  private readonly node: string
  private readonly deciders: Deciders<State, Input, Event>
  /** What is the same by any rules: `keyOf` and `dueAt`. */
  private readonly decider: Decider<State, Input, Event>
  private readonly context: OperatorContext
  private readonly outputs: Outputs
  private readonly states: OperatorStore<State>
  private readonly due: DueIndex | null
  private readonly answers: Answers<Input, Event> | null
  private readonly beside: Beside<State, Input, Event> | null

  constructor(node: string, options: DecideOptions<State, Input, Event>, context: OperatorContext, outputs: Outputs) {
    this.node = node
    this.decider = options.decider
    this.deciders = new Deciders(options, context)
    this.context = context
    this.outputs = outputs
    this.states = context.store(options.store)
    this.beside = options.beside === null ? null : new Beside(options.beside, context.store(options.beside.store))
    const dueStore = options.dueStore === null ? null : context.store(options.dueStore)
    this.due = dueStore === null ? null : new DueIndex(dueStore, 'd')
    this.answers =
      options.answers === null
        ? null
        : new Answers(options.answers, context, dueStore === null ? null : new DueIndex(dueStore, 'a'))
  }

  prefetch(_key: string, input: Input): void {
    // A filter may still drop the record, so that this may be an input the decider is not made for.
    const key: unknown = this.decider.keyOf(input)
    if (typeof key !== 'string') return
    this.deciders.want()
    this.states.want(key)
    this.answers?.want(input)
  }

  process(_key: string, input: Input): void {
    this.context.at(this.node)
    const key = this.decider.keyOf(input)
    if (key === null) return
    const command = this.answers?.idOf(input) ?? null
    if (command !== null && this.answers?.has(command)) {
      this.context.countRepeat()
      return
    }
    const events = this.decide(key, this.states.get(key), input, command)
    if (command !== null && events.length > 0) {
      this.context.at(this.node)
      this.answers?.keep(command, input, events)
    }
  }

  /** Wakes what is due in the order of time, then removes the answers whose time is over. */
  tick(tick: Input, timeMs: number): void {
    const { due } = this
    if (due !== null && this.decider.dueAt !== undefined) this.wake(due, tick, timeMs)
    this.answers?.removeUpTo(timeMs)
  }

  private wake(due: DueIndex, tick: Input, timeMs: number): void {
    const queue = new DueQueue()
    const found = due.upTo(timeMs)
    const states = this.states.getMany(found.map((entry) => entry.key))
    this.beside?.load(states, tick)
    for (const entry of found) queue.push(entry)
    const wakes = new Map<string, number>()
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const entry = next
      this.context.attempt(entry.key, () => {
        const again = this.wakeOne(due, entry, tick)
        if (again === null || again > timeMs) return
        const times = (wakes.get(entry.key) ?? 0) + 1
        wakes.set(entry.key, times)
        if (times > WAKES_MAX) throw endless(this.node, entry.key, again)
        queue.push({ timeMs: indexedTime(again), key: entry.key })
      })
    }
  }

  /** Decides a tick on one aggregate. Answers when to look at it again; null where it can wait for the next tick. */
  private wakeOne(due: DueIndex, entry: Due, tick: Input): number | null {
    const state = this.states.get(entry.key)
    this.context.at(this.node)
    const dueAt = state === undefined ? null : this.dueAt(state)
    if (dueAt === null || indexedTime(dueAt) !== entry.timeMs) {
      // The rule that says when it is due has changed since the entry was written: follow the rule of today.
      due.move(entry.key, entry.timeMs, dueAt)
      return dueAt
    }
    const events = this.decide(entry.key, state, tick, null)
    if (events.length === 0) return null
    const after = this.states.get(entry.key)
    return after === undefined ? null : this.dueAt(after)
  }

  private decide(key: string, before: State | undefined, input: Input, command: string | null): readonly Event[] {
    const { context } = this
    const decider = this.deciders.current()
    context.at(this.node)
    const state = before === undefined ? decider.initial(key) : before
    const look = this.beside?.lookAt(state, input) ?? null
    const events = look === null ? decider.decide(state, input, key) : look.decide(state, input)
    if (events.length === 0) return events
    look?.keep(events)
    let after = state
    for (const event of events) after = decider.evolve(after, event)
    if (after !== state) {
      this.states.put(key, after)
      this.due?.move(key, before === undefined ? null : this.dueAt(before), this.dueAt(after))
    }
    this.answers?.keepLater(events, command)
    for (const event of events) this.outputs.process(key, event)
    return events
  }

  private dueAt(state: State): number | null {
    return this.decider.dueAt === undefined ? null : this.decider.dueAt(state)
  }
}

/** The decider of the moment: by the rules that are kept, or the one given where nothing is kept yet. */
class Deciders<State, Input, Event> {
  private readonly given: Decider<State, Input, Event>
  private readonly options: RulesOptions<State, Input, Event, unknown> | null
  private readonly store: OperatorStore<unknown> | null
  /** The last one made: a function of the rules and of nothing else, so that it may outlive the record. */
  private made: { readonly rules: unknown; readonly decider: Decider<State, Input, Event> } | null = null

  constructor({ decider, rules }: DecideOptions<State, Input, Event>, context: OperatorContext) {
    this.given = decider
    this.options = rules
    this.store = rules === null ? null : context.store(rules.store)
  }

  want(): void {
    if (this.options !== null) this.store?.want(this.options.key)
  }

  current(): Decider<State, Input, Event> {
    const { options, store } = this
    if (options === null || store === null) return this.given
    const rules = store.get(options.key)
    if (rules === undefined) return this.given
    if (this.made?.rules !== rules) this.made = { rules, decider: options.decider(rules) }
    return this.made.decider
  }
}

/** The answers of commands, and the index by which they are removed. */
class Answers<Input, Event> {
  private readonly options: AnswersOptions<Input, Event, unknown>
  private readonly store: OperatorStore<unknown>
  private readonly expiry: DueIndex | null

  constructor(options: AnswersOptions<Input, Event, unknown>, context: OperatorContext, expiry: DueIndex | null) {
    this.options = options
    this.store = context.store(options.store)
    // Of commands that come twice the second one can wait for a read; the states of aggregates need the memory more.
    this.store.holdNothing()
    this.expiry = options.keepMs === Infinity ? null : expiry
  }

  idOf(input: Input): string | null {
    return this.options.idOf(input)
  }

  has(command: string): boolean {
    return this.store.get(command) !== undefined
  }

  want(input: Input): void {
    const command = this.options.idOf(input)
    if (command !== null) this.store.want(command)
  }

  keep(command: string, input: Input, events: readonly Event[]): void {
    const answer = this.options.answer(input, events)
    if (answer !== null) this.put(command, answer)
  }

  /** The answers that events give to earlier commands, which had to wait. */
  keepLater(events: readonly Event[], command: string | null): void {
    const { later } = this.options
    if (later === undefined) return
    for (const event of events) {
      const found = later(event)
      if (found !== null && found.id !== command) this.put(found.id, found.answer())
    }
  }

  private put(command: string, answer: unknown): void {
    this.store.put(command, answer)
    this.expiry?.move(command, null, this.options.answeredAtMs(answer) + this.options.keepMs)
  }

  removeUpTo(timeMs: number): void {
    for (const entry of this.expiry?.upTo(timeMs) ?? []) {
      this.store.delete(entry.key)
      this.expiry?.move(entry.key, entry.timeMs, null)
    }
  }
}

function endless(node: string, key: string, timeMs: number): StreamsError {
  return new StreamsError(
    'STREAMS_DUE_LOOP',
    `decide ${JSON.stringify(node)}: one tick woke ${JSON.stringify(key)} ${WAKES_MAX} times, and it is still due at ` +
      `${timeMs}. Its events must move dueAt on.`,
  )
}
