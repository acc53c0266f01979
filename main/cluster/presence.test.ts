import { expect, test } from 'vitest'
import { memoryLog } from '#streams'
import { type Instance, Presence } from './presence.ts'

const named = (id: string, topologies: readonly string[] = []): Instance => ({
  ...{ id, part: 'topologies', address: `127.0.0.1:${id.length}`, topologies },
  ...{ hasConnectors: false, sandboxes: null },
})

test('processes hear of each other, of what changes, and of who has left', async () => {
  const log = memoryLog()
  const first = await Presence.open(log, named('first', ['credit']))
  const second = await Presence.open(log, named('second'))
  expect(second.others()).toEqual([named('first', ['credit'])])
  await expect.poll(() => first.others()).toEqual([named('second')])
  await second.update({ topologies: ['ledger'] })
  await expect.poll(() => first.others()).toEqual([named('second', ['ledger'])])
  await second.close()
  await expect.poll(() => first.others()).toEqual([])
  await first.close()
})

test('what nobody understands, and what was said long ago, is passed over', async () => {
  const log = memoryLog()
  await (await Presence.open(log, named('first'))).close()
  const say = (text: string, timestampMs: number) => {
    const [key, value] = [Buffer.from('x'), Buffer.from(text)]
    return log.append([{ topic: 'fourfold.instances', partition: 0, timestampMs, key, value }])
  }
  await say('no JSON', Date.now())
  await say('{"instance":{"id":7}}', Date.now())
  const second = await Presence.open(log, named('second'))
  expect(second.others()).toEqual([])
  await second.close()
})
