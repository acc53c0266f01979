/** A batch is processed while the one before it is still on its way to the log and the store, or fails on its way. */
import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde } from '../serde/serde.ts'
import type { Entry, ScanOptions } from '../store/store.ts'
import { CountingBackend, counts, inputsOf, TaskScene, words, written } from '../testing/task-scene.ts'

/** A store whose reads wait at a gate with what they have read, or fail. */
class GatedBackend extends CountingBackend {
  gate: Promise<void> = Promise.resolve()
  failure: Error | null = null

  override async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    if (this.failure !== null) throw this.failure
    return this.behindGate(await super.getMany(keys))
  }

  override async scan(options: ScanOptions): Promise<Entry[]> {
    return this.behindGate(await super.scan(options))
  }

  private async behindGate<T>(found: T): Promise<T> {
    await this.gate
    return found
  }
}

/**
 * Notes every word under its own name and answers how many there are; `one` does not look at the others. `bad` fails.
 */
function listing(): { readonly scene: TaskScene; readonly backend: GatedBackend } {
  const builder = new StreamsBuilder('app', { onProcessError: 'park' })
  const store = builder.store('noted', { value: jsonSerde<number>() })
  builder
    .stream('words', words)
    .processValues<number>('note', {
      stores: [store],
      processor: () => ({
        process({ value }, context) {
          if (value === 'bad') throw new Error('a bad word')
          const noted = context.store(store)
          const others = value === 'one' ? [] : noted.range({}).filter(([word]) => word !== value)
          noted.put(value, (noted.get(value) ?? 0) + 1)
          context.forward(others.length + 1)
        },
      }),
    })
    .to('write', counts)
  const backend = new GatedBackend()
  return { scene: new TaskScene(builder.build(), { backend }), backend }
}

describe('while a batch is processed', () => {
  test('the one before may reach the store in the middle of a read', async () => {
    const { scene, backend } = listing()
    const first = await scene.process(inputsOf(scene, 'k=one'))
    let open = () => {}
    backend.gate = new Promise((resolve) => {
      open = resolve
    })
    const second = scene.process(inputsOf(scene, 'k=two'))
    // The read of the second batch has seen the store as it was before the first one is written.
    await new Promise((resolve) => setImmediate(resolve))
    await scene.commit(first)
    open()
    expect(written(await second, 'counts')).toEqual(['k=2'])
    const third = await scene.process(inputsOf(scene, 'k=three'))
    expect(written(third, 'counts')).toEqual(['k=3'])
  })

  test('the one before may be dropped by nobody', async () => {
    const { scene } = listing()
    const second = scene.process(inputsOf(scene, 'k=two'))
    expect(() => scene.task.reset()).toThrow(expect.objectContaining({ code: 'STREAMS_TASK_BUSY' }))
    await second
  })
})

describe('a batch that fails on its way', () => {
  test('leaves nothing of itself, and all of the one before', async () => {
    const { scene, backend } = listing()
    const first = await scene.process(inputsOf(scene, 'a=bad', 'k=one'))
    backend.failure = new Error('the disk is gone')
    // b is parked, and only then does the state of the word turn out to be missing.
    await expect(scene.process(inputsOf(scene, 'b=bad', 'k=two'))).rejects.toThrow('the disk is gone')
    backend.failure = null
    const second = await scene.process(inputsOf(scene, 'b=two', 'a=waits', 'k=one'))
    expect(written(second, 'counts')).toEqual(['b=2', 'k=1'])
    expect(scene.task.stats()).toMatchObject({ parkedKeys: 1, parkedRecords: 2, stagedBatches: 2 })
    await scene.commit(first)
    await scene.commit(second)
    expect(await scene.task.scan('noted')).toEqual([
      ['one', 2],
      ['two', 1],
    ])
  })
})
