/** All that a platform has written down, as text to search in. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '#main/platform.ts'

/** All keys and values of all topics, changelogs included, as text. */
export async function everythingIn({ storage: { log } }: Platform): Promise<string> {
  const positions = (await log.topics()).flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, offset: 0 })),
  )
  const fetched = await log.fetch({ positions, maxBytes: Number.MAX_SAFE_INTEGER, maxWaitMs: 0 })
  const texts = fetched.flatMap(({ records }) => records.flatMap(({ key, value }) => [key, value]))
  return texts.map((bytes) => bytes?.toString('latin1') ?? '').join('\n')
}

/** All files of the data directory as text. */
export function filesOf(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1')).join('\n')
}
