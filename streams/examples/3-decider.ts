/**
 * Seats that are held for ten minutes of business time: rules as three pure functions, time as an input, and commands
 * that may come twice.
 */
import {
  type Decider,
  jsonSerde,
  MemoryBackend,
  memoryLog,
  StreamsApp,
  StreamsBuilder,
  stringSerde,
  type Topic,
} from '#streams'

type Hold = {
  readonly type: 'Hold'
  readonly id: string
  readonly seat: string
  readonly who: string
  readonly atMs: number
}
type Pay = { readonly type: 'Pay'; readonly id: string; readonly seat: string; readonly atMs: number }
type Tick = { readonly type: 'Tick'; readonly timeMs: number }
type SeatEvent = {
  readonly type: 'Held' | 'Sold' | 'Released' | 'Refused'
  readonly seat: string
  readonly atMs: number
}
type Seat = { readonly status: 'free' | 'held' | 'sold'; readonly heldAtMs: number }

const MINUTE_MS = 60_000

const seats: Decider<Seat, Hold | Pay | Tick, SeatEvent> = {
  initial: () => ({ status: 'free', heldAtMs: 0 }),
  keyOf: (input) => (input.type === 'Tick' ? null : input.seat),
  decide: ({ status }, input, seat) => {
    if (input.type === 'Tick') return [{ type: 'Released', seat, atMs: input.timeMs }]
    if (input.type === 'Pay') return status === 'held' ? [{ type: 'Sold', seat, atMs: input.atMs }] : []
    return [{ type: status === 'free' ? 'Held' : 'Refused', seat, atMs: input.atMs }]
  },
  evolve: (state, event) => {
    if (event.type === 'Refused') return state
    const status = event.type === 'Held' ? 'held' : event.type === 'Sold' ? 'sold' : 'free'
    return { status, heldAtMs: event.atMs }
  },
  dueAt: (state) => (state.status === 'held' ? state.heldAtMs + 10 * MINUTE_MS : null),
}

const topic = <V>(name: string): Topic<V> => ({
  ...{ name, partitions: 1, cleanup: 'delete', retentionMs: -1 },
  ...{ key: stringSerde, value: jsonSerde<V>() },
})
const commands = topic<Hold | Pay>('commands')
const ticks = topic<Tick>('ticks')
const events = topic<SeatEvent>('events')

const builder = new StreamsBuilder('seats', { onProcessError: 'park' })
builder
  .stream('commands', commands)
  .decide('decide-seat', {
    store: builder.store('seat', { value: jsonSerde<Seat>() }),
    decider: seats,
    clock: builder.clock('clock', ticks, { timeMs: (tick) => tick.timeMs }),
    dueStore: 'due',
    answers: {
      store: builder.store('answers', { value: jsonSerde<SeatEvent>() }),
      idOf: (command) => command.id,
      answer: (_command, [first]) => first as SeatEvent,
      keepMs: 60 * MINUTE_MS,
      answeredAtMs: (answer) => answer.atMs,
    },
  })
  .to('write-events', events)

const log = memoryLog()
await log.createTopics([commands, ticks, events])
const app = new StreamsApp({ topology: builder.build(), log, backend: new MemoryBackend(), instanceId: 'one' })
await app.start()

let timestampMs = 0
const write = async <V>(to: Topic<V>, value: NoInfer<V>) => {
  const record = {
    topic: to.name,
    partition: 0,
    timestampMs: timestampMs++,
    key: null,
    value: to.value.serialize(value),
  }
  const [offset = 0] = await log.append([record])
  // Waits until it is processed, so that the story below is told in order.
  await app.query('seat').get('12A', { position: { topic: to.name, partition: 0, offset } })
}
const hold = (id: string, who: string, atMs: number): Hold => ({ type: 'Hold', id, seat: '12A', who, atMs })
await write(commands, hold('cmd-1', 'ann', 0))
await write(commands, hold('cmd-2', 'bob', 1 * MINUTE_MS))
await write(ticks, { type: 'Tick', timeMs: 10 * MINUTE_MS })
await write(commands, hold('cmd-3', 'bob', 11 * MINUTE_MS))
await write(commands, hold('cmd-3', 'bob', 11 * MINUTE_MS))
await write(commands, { type: 'Pay', id: 'cmd-4', seat: '12A', atMs: 12 * MINUTE_MS })
await write(ticks, { type: 'Tick', timeMs: 60 * MINUTE_MS })

const positions = [{ topic: events.name, partition: 0, offset: 0 }]
const [fetched] = await log.fetch({ positions, maxBytes: 1_000_000, maxWaitMs: 0 })
for (const { value } of fetched?.records ?? []) console.log(value?.toString())
console.log(await app.query<Seat>('seat').get('12A'))
await app.close()
await log.close()
