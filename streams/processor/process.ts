import { StreamsError } from '../errors.ts'
import type { OperatorContext, OperatorFactory, Outputs } from './operator.ts'
import type { Processor, ProcessorContext, ValueProcessor, ValueProcessorContext } from './processor.ts'
import type { KeyValueStore, ReadOnlyTable, StoreHandle } from './store-handle.ts'

/** What a hand-written step is wired with. */
export type ProcessOptions<P> = {
  readonly processor: () => P
  readonly stores: readonly StoreHandle<string, unknown>[]
  readonly globalTables: readonly string[]
}

/** Runs a processor written by hand, which may change keys. */
export function processOperator<K extends string, V, KOut extends string, VOut, Tick>(
  node: string,
  options: ProcessOptions<Processor<K, V, KOut, VOut, Tick>>,
): OperatorFactory {
  return (context, outputs) => {
    const processor = options.processor()
    const own: ProcessorContext<KOut, VOut> = {
      ...access(node, options, context),
      forward: (key, value) => {
        outputs.process(key, value)
        context.at(node)
      },
    }
    processor.init?.(own)
    return {
      process(key: K, value: V): void {
        context.at(node)
        processor.process({ key, value, timestampMs: context.record.timestampMs }, own)
      },
      tick(tick: unknown): void {
        context.at(node)
        processor.punctuate?.(tick as Tick, own)
      },
    }
  }
}

/** Runs a processor written by hand that keeps the key of each record. */
export function processValuesOperator<K extends string, V, VOut>(
  node: string,
  options: ProcessOptions<ValueProcessor<K, V, VOut>>,
): OperatorFactory {
  return (context, outputs) => {
    const processor = options.processor()
    const own = new KeyKeepingContext<VOut>(node, options, context, outputs)
    processor.init?.(own)
    return {
      process(key: K, value: V): void {
        context.at(node)
        own.key = key
        processor.process({ key, value, timestampMs: context.record.timestampMs }, own)
      },
    }
  }
}

class KeyKeepingContext<VOut> implements ValueProcessorContext<VOut> {
  key: string = ''
  readonly taskId: string
  readonly record: OperatorContext['record']
  readonly store: ValueProcessorContext<VOut>['store']
  readonly globalTable: ValueProcessorContext<VOut>['globalTable']
  readonly forward: (value: VOut) => void

  constructor(node: string, options: ProcessOptions<unknown>, context: OperatorContext, outputs: Outputs) {
    const { taskId, record, store, globalTable } = access(node, options, context)
    this.taskId = taskId
    this.record = record
    this.store = store
    this.globalTable = globalTable
    this.forward = (value) => {
      outputs.process(this.key, value)
      context.at(node)
    }
  }
}

/** The stores and tables of a node, and a clear refusal of all others. */
function access(node: string, options: ProcessOptions<unknown>, context: OperatorContext) {
  const stores = new Map<string, KeyValueStore<unknown>>()
  for (const handle of options.stores) stores.set(handle.name, context.store(handle))
  const tables = new Map<string, ReadOnlyTable<unknown>>()
  for (const name of options.globalTables) tables.set(name, context.table(name))
  return {
    taskId: context.taskId,
    record: context.record,
    store<S>(handle: StoreHandle<string, S>): KeyValueStore<S> {
      const store = stores.get(handle.name)
      if (store === undefined) throw notConnected(node, handle.name, 'stores')
      return store as KeyValueStore<S>
    },
    globalTable<G>(name: string): ReadOnlyTable<G> {
      const table = tables.get(name)
      if (table === undefined) throw notConnected(node, name, 'globalTables')
      return table as ReadOnlyTable<G>
    },
  }
}

function notConnected(node: string, name: string, option: string): StreamsError {
  return new StreamsError(
    'STREAMS_STORE_NOT_CONNECTED',
    `The processor of ${JSON.stringify(node)} opens ${JSON.stringify(name)}, which it was not wired with. ` +
      `Name it in the ${option} option of that node.`,
  )
}
