/**
 * The schema registry: the rules of Confluent's, over a state kept in the compacted topic `_schemas`.
 * Invariant: a change is decided on all that the topic holds, so a version or id is never given twice, whichever
 * process gives it (`registry-topic.ts`).
 */
import type { Log } from '#streams'
import {
  COMPATIBILITY_LEVELS,
  type CompatibilityLevel,
  type EarlierSchema,
  incompatibilities,
  parseSchema,
} from '../compatibility.ts'
import * as refuse from './registry-error.ts'
import type { RegistryChange, SchemaVersion } from './registry-records.ts'
import { isSameSchema, type RegistryState } from './registry-state.ts'
import { RegistryTopic } from './registry-topic.ts'

/** The body of a request that carries a schema. */
export type SchemaRequest = { schema?: unknown; schemaType?: unknown; references?: unknown }

/** The outcome of a compatibility check; `messages` say why not. */
export type CompatibilityAnswer = { readonly isCompatible: boolean; readonly messages: readonly string[] }

/** The rules; `routes.ts` gives them their HTTP. Every method throws RegistryError where it refuses. */
export class Registry {
  readonly #topic: RegistryTopic
  readonly #defaultLevel: CompatibilityLevel

  private constructor(topic: RegistryTopic, defaultLevel: CompatibilityLevel) {
    this.#topic = topic
    this.#defaultLevel = defaultLevel
  }

  /**
   * Makes the topic where it is missing, and reads it. `defaultLevel` holds until PUT /config sets another.
   * @throws StreamsError SCHEMA_REGISTRY_CORRUPT where the topic holds something else.
   */
  static async open(
    log: Log,
    options: { defaultLevel?: CompatibilityLevel; nowMs?: () => number } = {},
  ): Promise<Registry> {
    const topic = await RegistryTopic.open(log, options.nowMs ?? Date.now)
    return new Registry(topic, options.defaultLevel ?? 'BACKWARD_TRANSITIVE')
  }

  /** What is registered, as far as it was read. */
  get state(): RegistryState {
    return this.#topic.state
  }

  /** Takes in what other processes have registered since. */
  readOn(): Promise<void> {
    return this.#topic.readOn()
  }

  /** Gives the schema a version under the subject (a known one its own again) and answers with it. */
  register(subject: string, request: SchemaRequest): Promise<SchemaVersion> {
    const schema = schemaText(request)
    return this.#topic.change(() => {
      const known = this.#find(subject, schema, false)
      if (known) return { changes: [], answer: known }
      const earlier = this.state.versions(subject, false)
      const reasons = this.#reasonsAgainst(this.effectiveLevel(subject), schema, earlier)
      if (reasons.length > 0) throw refuse.incompatibleSchema(subject, reasons)
      // A deleted version keeps its number, so that a reader's cache never shows another schema under it.
      const last = this.state.versions(subject, true).at(-1)?.version ?? 0
      const version = { subject, version: last + 1, id: this.state.idOf(schema), schema, deleted: false }
      return { changes: [{ kind: 'schema', version }], answer: version }
    })
  }

  /** The version of a subject that has this schema. */
  lookUp(subject: string, request: SchemaRequest, withDeleted: boolean): SchemaVersion {
    this.#versionsOf(subject, withDeleted)
    const found = this.#find(subject, schemaText(request), withDeleted)
    if (!found) throw refuse.schemaNotFound()
    return found
  }

  versions(subject: string, withDeleted: boolean): SchemaVersion[] {
    return this.#versionsOf(subject, withDeleted)
  }

  /** `version` is a number or 'latest' (or -1, which is the same). */
  version(subject: string, version: string, withDeleted: boolean): SchemaVersion {
    const wanted = versionNumber(version)
    const versions = this.#versionsOf(subject, withDeleted)
    const found = wanted === 'latest' ? versions.at(-1) : versions.find((one) => one.version === wanted)
    if (!found) throw refuse.versionNotFound(version)
    return found
  }

  /** Compares with one version (or null: with those the level names) at the subject's level; changes nothing. */
  checkCompatibility(subject: string, version: string | null, request: SchemaRequest): CompatibilityAnswer {
    const schema = schemaText(request)
    const level = this.effectiveLevel(subject)
    const earlier = version === null ? this.state.versions(subject, false) : [this.version(subject, version, false)]
    const messages = this.#reasonsAgainst(level, schema, earlier)
    return { isCompatible: messages.length === 0, messages }
  }

  effectiveLevel(subject: string | null): CompatibilityLevel {
    return this.state.level(subject) ?? this.state.level(null) ?? this.#defaultLevel
  }

  /** A null level takes the subject's own away. */
  setLevel(subject: string | null, level: unknown): Promise<void> {
    const known = typeof level === 'string' ? COMPATIBILITY_LEVELS.find((one) => one === level.toUpperCase()) : null
    if (known === undefined || (known === null && level !== null)) throw refuse.invalidCompatibilityLevel()
    const changes: RegistryChange[] = [{ kind: 'config', subject, level: known }]
    return this.#topic.change(() => ({ changes, answer: undefined }))
  }

  /** Hides all versions (soft), or forgets the hidden ones for good (permanent). Answers with their numbers. */
  deleteSubject(subject: string, permanent: boolean): Promise<number[]> {
    return this.#topic.change(() => {
      const all = this.#versionsOf(subject, true)
      const live = all.filter((version) => !version.deleted)
      if (permanent && live.length > 0) throw refuse.subjectNotSoftDeleted(subject)
      if (!permanent && live.length === 0) throw refuse.subjectSoftDeleted(subject)
      const gone = permanent ? all : live
      return {
        changes: gone.map((version) => deletion(version, permanent)),
        answer: gone.map((version) => version.version),
      }
    })
  }

  /** The same for one version. */
  deleteVersion(subject: string, version: string, permanent: boolean): Promise<number> {
    return this.#topic.change(() => {
      const found = this.version(subject, version, version !== 'latest' && version !== '-1')
      if (permanent && !found.deleted) throw refuse.versionNotSoftDeleted(subject, found.version)
      if (!permanent && found.deleted) throw refuse.versionSoftDeleted(subject, found.version)
      return { changes: [deletion(found, permanent)], answer: found.version }
    })
  }

  #versionsOf(subject: string, withDeleted: boolean): SchemaVersion[] {
    const versions = this.state.versions(subject, withDeleted)
    if (versions.length === 0) throw refuse.subjectNotFound(subject)
    return versions
  }

  #find(subject: string, schema: string, withDeleted: boolean): SchemaVersion | undefined {
    return this.state.versions(subject, withDeleted).find((version) => isSameSchema(version.schema, schema))
  }

  #reasonsAgainst(level: CompatibilityLevel, schema: string, earlier: readonly SchemaVersion[]): string[] {
    const labelled = earlier.map(
      (version): EarlierSchema => ({ label: `version ${version.version}`, schema: JSON.parse(version.schema) }),
    )
    return incompatibilities(level, JSON.parse(schema), labelled)
  }
}

function deletion(version: SchemaVersion, permanent: boolean): RegistryChange {
  if (permanent) return { kind: 'forgotten', subject: version.subject, version: version.version }
  return { kind: 'schema', version: { ...version, deleted: true } }
}

function versionNumber(version: string): number | 'latest' {
  if (version === 'latest' || version === '-1') return 'latest'
  const number = /^\d{1,10}$/.test(version) ? Number(version) : 0
  if (number < 1 || number > 2 ** 31 - 1) throw refuse.invalidVersion(version)
  return number
}

/** The schema of a request as compact JSON, once it has been found to be Avro. */
function schemaText(request: SchemaRequest): string {
  const { schema, schemaType = 'AVRO', references } = request
  if (schemaType !== 'AVRO') throw refuse.invalidSchema(`the schema type ${String(schemaType)} is not AVRO.`)
  if (Array.isArray(references) && references.length > 0) {
    throw refuse.invalidSchema('references are not supported; write the types it names into the schema.')
  }
  if (typeof schema !== 'string') throw refuse.invalidSchema('the field schema must be a string of Avro JSON.')
  try {
    // A bare name ("string" without quotes) is Avro too; Confluent takes it as such.
    const parsed = /^[a-z]+$/.test(schema) ? schema : (JSON.parse(schema) as unknown)
    parseSchema(parsed as never)
    return JSON.stringify(parsed)
  } catch (error) {
    throw refuse.invalidSchema(error instanceof Error ? error.message : String(error))
  }
}
