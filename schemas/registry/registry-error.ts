/**
 * A refusal of the schema registry: an HTTP status with Confluent's error code, which its clients look at.
 */
export class RegistryError extends Error {
  readonly status: 400 | 404 | 409 | 422 | 500
  readonly errorCode: number

  constructor(status: RegistryError['status'], errorCode: number, message: string) {
    super(message)
    this.name = 'RegistryError'
    this.status = status
    this.errorCode = errorCode
  }
}

/** 40401 */
export function subjectNotFound(subject: string): RegistryError {
  return new RegistryError(404, 40401, `Subject '${subject}' not found.`)
}

/** 40402 */
export function versionNotFound(version: number | string): RegistryError {
  return new RegistryError(404, 40402, `Version ${version} not found.`)
}

/** 40403 */
export function schemaNotFound(): RegistryError {
  return new RegistryError(404, 40403, 'Schema not found')
}

/** 40404: asked to delete what has been deleted already. */
export function subjectSoftDeleted(subject: string): RegistryError {
  return new RegistryError(404, 40404, `Subject '${subject}' was soft deleted.Set permanent=true to delete permanently`)
}

/** 40405: a permanent deletion comes after a soft one only. */
export function subjectNotSoftDeleted(subject: string): RegistryError {
  return new RegistryError(404, 40405, `Subject '${subject}' was not deleted first before being permanently deleted`)
}

/** 40406: the version has been deleted already. */
export function versionSoftDeleted(subject: string, version: number): RegistryError {
  const message = `Subject '${subject}' Version ${version} was soft deleted.Set permanent=true to delete permanently`
  return new RegistryError(404, 40406, message)
}

/** 40407: a permanent deletion comes after a soft one only. */
export function versionNotSoftDeleted(subject: string, version: number): RegistryError {
  const message = `Subject '${subject}' Version ${version} was not deleted first before being permanently deleted`
  return new RegistryError(404, 40407, message)
}

/** 40408 */
export function subjectLevelNotConfigured(subject: string): RegistryError {
  return new RegistryError(404, 40408, `Subject '${subject}' does not have subject-level compatibility configured`)
}

/** 409 */
export function incompatibleSchema(subject: string, reasons: readonly string[]): RegistryError {
  const message = `Schema being registered is incompatible with an earlier schema for subject "${subject}"`
  return new RegistryError(409, 409, `${message}, details: [${reasons.join('; ')}]`)
}

/** 42201 */
export function invalidSchema(reason: string): RegistryError {
  return new RegistryError(422, 42201, `Invalid schema: ${reason}`)
}

/** 42202 */
export function invalidVersion(version: string): RegistryError {
  const allowed = 'Allowed values are between [1, 2^31-1] and the string "latest"'
  return new RegistryError(422, 42202, `The specified version '${version}' is not a valid version id. ${allowed}`)
}

/** 42203 */
export function invalidCompatibilityLevel(): RegistryError {
  const allowed = 'NONE, BACKWARD, FORWARD, FULL, BACKWARD_TRANSITIVE, FORWARD_TRANSITIVE, and FULL_TRANSITIVE'
  return new RegistryError(422, 42203, `Invalid compatibility level. Valid values are ${allowed}`)
}
