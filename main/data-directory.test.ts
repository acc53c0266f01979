import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDataDirectory } from './data-directory.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'data-directory-'))
})
afterEach(() => rmSync(home, { recursive: true }))

test('is made with the directories above it, and taken where it is there', async () => {
  const directory = join(home, 'a b', 'ü', 'data')
  await makeDataDirectory(directory)
  await makeDataDirectory(directory)
  expect(existsSync(directory)).toBe(true)
})

test.each([
  ['is a file', 'file'],
  ['is below a file', 'file/data'],
])('that %s is refused by name', async (_, path) => {
  writeFileSync(join(home, 'file'), '')
  await expect(makeDataDirectory(join(home, path))).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining(join(home, path)),
  })
})

test.runIf(process.platform === 'linux')('where no directory can be made is refused, and not waited for', async () => {
  await expect(makeDataDirectory('/proc/fourfold/data')).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' })
})
