import { describe, expect, test } from 'vitest'
import { murmur2, partitionFor } from './partitioner.ts'

/** The rows of Apache Kafka's own UtilsTest.testMurmur2. */
const published: readonly (readonly [key: string, hash: number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

describe('murmur2', () => {
  test.each(published)('hashes %s as Apache Kafka does', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })
})

describe('partitionFor', () => {
  test.each(published)('puts %s where toPositive(murmur2) %% partitions says', (key, hash) => {
    for (const partitions of [1, 3, 4, 100]) {
      expect(partitionFor(Buffer.from(key), partitions)).toBe((hash & 0x7fffffff) % partitions)
    }
  })

  test('reads the key of a slice and not what lies beside it', () => {
    const whole = Buffer.from('xxfoobaryy')
    expect(murmur2(whole.subarray(2, 8))).toBe(-790332482)
  })

  test('spreads keys over all partitions', () => {
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 4000; i++) {
      const partition = partitionFor(Buffer.from(`con_${i}`), 4)
      counts[partition] = (counts[partition] ?? 0) + 1
    }
    for (const count of counts) expect(count).toBeGreaterThan(800)
  })
})
