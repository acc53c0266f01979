import type { Side } from './contender.ts'
import type { Figures } from './measure.ts'

/** One line of the comparison. A ratio over 1 is good where more is better, and bad where less is. */
type Measure = { readonly name: string; readonly figure: keyof Figures; readonly label: string; readonly more: boolean }

const MEASURES: readonly Measure[] = [
  { name: 'throughput', figure: 'recordsPerSecond', label: 'throughput, records/s', more: true },
  { name: 'cpu', figure: 'cpuMicrosPerRecord', label: 'CPU, µs a record', more: false },
  { name: 'memory', figure: 'peakMb', label: 'peak memory, MB', more: false },
  { name: 'p50At200', figure: 'p50At200Ms', label: 'latency at 200/s, p50 ms', more: false },
  { name: 'p99At200', figure: 'p99At200Ms', label: 'latency at 200/s, p99 ms', more: false },
  { name: 'p50', figure: 'p50At1000Ms', label: 'latency at 1,000/s, p50 ms', more: false },
  { name: 'p99', figure: 'p99At1000Ms', label: 'latency at 1,000/s, p99 ms', more: false },
  { name: 'restore', figure: 'restoredPerSecond', label: 'restore, records/s', more: true },
  { name: 'failover', figure: 'failoverMs', label: 'failover, ms', more: false },
]

/** The figures of every run of both sides; the nth run of one was beside the nth of the other. */
export type Results = Readonly<Record<Side, readonly Figures[]>>

/** Medians of both sides and of their ratios, for people. */
export function asTable(results: Results): string {
  const rows = MEASURES.map(({ figure, label, more }) => {
    const [ours, theirs] = [medianOf(results.ours, figure), medianOf(results.kafkaStreams, figure)]
    const better = more ? 'more is better' : 'less is better'
    return [label, shown(ours), shown(theirs), ratioOf(results, figure).toFixed(2), better]
  })
  const all = [['', 'ours', 'Kafka Streams', 'ratio', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

/** The ratios by name, then the raw figures of every run. */
export function asJson(results: Results): string {
  const ratios = MEASURES.map(({ name, figure }) => [name, Number(ratioOf(results, figure).toFixed(3))] as const)
  return JSON.stringify({ ...Object.fromEntries(ratios), ours: results.ours, kafkaStreams: results.kafkaStreams })
}

/** The median of the ratios of the pairs: what changes on the machine between two pairs does not count. */
function ratioOf({ ours, kafkaStreams }: Results, figure: keyof Figures): number {
  return median(ours.map((one, run) => one[figure] / (kafkaStreams[run]?.[figure] ?? Number.NaN)))
}

function medianOf(figures: readonly Figures[], figure: keyof Figures): number {
  return median(figures.map((one) => one[figure]))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })
}
