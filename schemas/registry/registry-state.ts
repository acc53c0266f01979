import type { AvroSchema } from '../avro-files.ts'
import type { CompatibilityLevel } from '../compatibility.ts'
import type { RegistryChange, SchemaVersion } from './registry-records.ts'

/** What the records of `_schemas` add up to. */
export class RegistryState {
  readonly #subjects = new Map<string, Map<number, SchemaVersion>>()
  readonly #schemas = new Map<number, string>()
  readonly #ids = new Map<string, number>()
  readonly #levels = new Map<string | null, CompatibilityLevel>()
  #lastId = 0

  apply(change: RegistryChange): void {
    if (change.kind === 'config') {
      if (change.level === null) this.#levels.delete(change.subject)
      else this.#levels.set(change.subject, change.level)
    } else if (change.kind === 'forgotten') {
      this.#subjects.get(change.subject)?.delete(change.version)
      if (this.#subjects.get(change.subject)?.size === 0) this.#subjects.delete(change.subject)
    } else this.#keep(change.version)
  }

  #keep(version: SchemaVersion): void {
    const versions = this.#subjects.get(version.subject) ?? new Map<number, SchemaVersion>()
    this.#subjects.set(version.subject, versions.set(version.version, version))
    this.#schemas.set(version.id, version.schema)
    const identity = identityOf(version.schema)
    if (!this.#ids.has(identity)) this.#ids.set(identity, version.id)
    this.#lastId = Math.max(this.#lastId, version.id)
  }

  /** Subjects with a version that is not deleted (or any, `withDeleted`), sorted. */
  subjects(withDeleted: boolean): string[] {
    return [...this.#subjects.keys()].filter((subject) => this.versions(subject, withDeleted).length > 0).sort()
  }

  /** The versions of a subject, oldest first. */
  versions(subject: string, withDeleted: boolean): SchemaVersion[] {
    const all = [...(this.#subjects.get(subject)?.values() ?? [])]
    return all.filter((version) => withDeleted || !version.deleted).sort((a, b) => a.version - b.version)
  }

  schema(id: number): string | undefined {
    return this.#schemas.get(id)
  }

  /** Where a schema id is used, of all subjects, by name and version. */
  uses(id: number, withDeleted: boolean): SchemaVersion[] {
    const subjects = this.subjects(withDeleted)
    return subjects.flatMap((subject) => this.versions(subject, withDeleted)).filter((version) => version.id === id)
  }

  /** The id of a schema: the one it has in any subject, or the next free one. */
  idOf(schema: string): number {
    return this.#ids.get(identityOf(schema)) ?? this.#lastId + 1
  }

  /** The level set on exactly this subject (null: on all). */
  level(subject: string | null): CompatibilityLevel | undefined {
    return this.#levels.get(subject)
  }
}

/** Two texts of one schema are the same where they differ in blanks or in the order of their keys only. */
export function isSameSchema(one: string, other: string): boolean {
  return one === other || identityOf(one) === identityOf(other)
}

function identityOf(schema: string): string {
  return JSON.stringify(JSON.parse(schema) as AvroSchema, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
