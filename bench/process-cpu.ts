import { readFileSync } from 'node:fs'

/** Clock ticks a second of `/proc/<pid>/stat`: 100 on every Linux that Node runs on. */
const TICKS = 100

/** Seconds of processor time of a whole process so far, by `/proc`; 0 without a process, and where it is not Linux. */
export function cpuSecondsOf(pid: number | null): number {
  if (pid === null || process.platform !== 'linux') return 0
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold blanks; utime and stime are the 12th and 13th field behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}
