import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logSuite } from '../../testing/log-suite.ts'
import { type EmbeddedLogOptions, openEmbeddedLog } from './embedded-log.ts'

function openWith(options: Omit<EmbeddedLogOptions, 'directory'>) {
  return async () => {
    const directory = await mkdtemp(join(tmpdir(), 'embedded-log-'))
    let log = await openEmbeddedLog({ directory, ...options })
    return {
      log,
      reopen: async () => {
        await log.close()
        log = await openEmbeddedLog({ directory, ...options })
        return log
      },
      remove: () => rm(directory, { recursive: true }),
    }
  }
}

const features = {
  persistent: true,
  maintains: true,
  faults: false,
  expels: false,
  refusedRecordBytes: 1024 * 1024 + 1,
}

logSuite('embedded', openWith({}), features)
logSuite('embedded, always read from disk and synced,', openWith({ tailBytesMax: 0, durability: 'power' }), features)
