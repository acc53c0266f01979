/**
 * Released schemas: `schemas/released/<version>.json` holds every type of a release by its name, as it stood in its
 * file. What was released stands in topics for ever, so a later schema must be able to read what all of them wrote.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AvroDefinitions, AvroObject } from './avro-files.ts'
import { parseSchema, unreadable } from './compatibility.ts'
import { recordNames } from './open-schemas.ts'
import { selfContained } from './self-contained.ts'

/** The types of one release. */
export type Release = { readonly name: string; readonly definitions: AvroDefinitions }

type Types = Record<string, AvroObject>

const DIRECTORY = fileURLToPath(new URL('./released', import.meta.url))

/** All releases, in the order of their names; none before the first one. */
export function loadReleases(directory: string = DIRECTORY): Release[] {
  if (!existsSync(directory)) return []
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => ({
    name: file.slice(0, -'.json'.length),
    definitions: new Map(Object.entries(JSON.parse(readFileSync(join(directory, file), 'utf8')) as Types)),
  }))
}

/** Writes a release. @throws Error where one of that name is there: a release does not change. */
export function writeRelease(release: Release, directory: string = DIRECTORY): void {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, `${release.name}.json`)
  const lines = [...release.definitions].map(([name, schema]) => `${JSON.stringify(name)}: ${JSON.stringify(schema)}`)
  writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`, { flag: 'wx' })
}

/**
 * What keeps `now` from following the releases, each line with its record, field and reason: a record that is gone, a
 * field that cannot be read any more, a field without a default taken away (those who read with the older schema
 * would fail). Empty where all is well.
 */
export function releaseProblems(now: AvroDefinitions, releases: readonly Release[]): string[] {
  return releases.flatMap(({ name, definitions }) =>
    recordNames(definitions)
      .flatMap((record) => recordProblems(record, now, definitions))
      .map((problem) => `${problem} (released in ${name})`),
  )
}

function recordProblems(record: string, now: AvroDefinitions, released: AvroDefinitions): string[] {
  if (!now.has(record)) return [`fourfold.${record}: the record is gone`]
  let reader: ReturnType<typeof parseSchema>
  try {
    reader = parseSchema(selfContained(now, record))
  } catch (error) {
    return [`fourfold.${record}: not valid Avro: ${error instanceof Error ? error.message : String(error)}`]
  }
  const writer = parseSchema(selfContained(released, record))
  const removed = unreadable(writer, reader).filter((misfit) => misfit.isMissing)
  return [
    ...unreadable(reader, writer).map(({ path, reason }) => `${path}: ${reason}`),
    ...removed.map(({ path }) => `${path}: the field is gone, and had no default`),
  ]
}
