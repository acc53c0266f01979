import { logSuite } from '../../testing/log-suite.ts'
import type { CommitFault, LogFaults } from './log-faults.ts'
import { nextCommits } from './log-faults.ts'
import { type MemoryLogOptions, memoryLog } from './memory-log.ts'

function openWith(options: MemoryLogOptions) {
  return async () => {
    const faults: LogFaults = {}
    const log = memoryLog({ ...options, faults })
    return {
      log,
      failNextCommit: (fault: CommitFault) => {
        faults.commit = nextCommits(fault)
      },
      expelMember: (group: string, memberId: string) => log.expelMember(group, memberId),
      remove: async () => {},
    }
  }
}

const features = { persistent: false, maintains: true, faults: true, expels: true, refusedRecordBytes: 1024 * 1024 + 1 }

logSuite('in-memory', openWith({}), features)
logSuite('in-memory, with gaps between offsets,', openWith({ offsetGap: 1 }), features)
