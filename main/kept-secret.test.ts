import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keptSecret } from './kept-secret.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('makes a secret once, and gives the same one ever after', () => {
  const first = keptSecret(join(folder, 'new'), 'admin-token')
  const second = keptSecret(join(folder, 'new'), 'admin-token')
  expect(first).toMatchObject({ isNew: true })
  expect(first.secret).toMatch(/^[\w-]{43}$/)
  expect(second).toEqual({ secret: first.secret, isNew: false })
})

test('lets only this user read it', () => {
  keptSecret(folder, 'admin-token')
  expect(statSync(join(folder, 'admin-token')).mode & 0o777).toBe(0o600)
})

test('makes another one for another name', () => {
  expect(keptSecret(folder, 'one').secret).not.toBe(keptSecret(folder, 'two').secret)
})

test('refuses an emptied file and names it', () => {
  writeFileSync(join(folder, 'admin-token'), '\n')
  expect(() => keptSecret(folder, 'admin-token')).toThrow(/admin-token holds no secret\. Remove the file/)
})
