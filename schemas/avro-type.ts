/**
 * Avro types whose values look as `schemas/generated/types.ts` says: plain objects, dates as 'YYYY-MM-DD', times as
 * milliseconds, nullable fields as the value or null.
 */
import avro, { type Schema, type Type } from 'avsc'
import type { AvroObject } from './avro-files.ts'
import { dateOfDays, daysOfDate } from './date-days.ts'

/** Avro's `date` (days since 1970-01-01) as 'YYYY-MM-DD'. */
class DateType extends avro.types.LogicalType {
  protected override _fromValue(days: number): string {
    const date = dateOfDays(days)
    if (date === undefined) throw new RangeError(`day ${days} is outside of the years 0000 to 9999`)
    return date
  }

  protected override _toValue(date: unknown): number | undefined {
    return typeof date === 'string' ? daysOfDate(date) : undefined
  }

  /** From what the writer's type reads to our value. A writer's date has already been converted by its own type. */
  protected override _resolve(writer: Type): ((value: never) => string) | undefined {
    if (avro.Type.isType(writer, 'logical:date')) return (date: string) => date
    return avro.Type.isType(writer, 'int') ? (days: number) => this._fromValue(days) : undefined
  }
}

/**
 * Compiles a self-contained schema.
 * @throws Error of avsc where the schema is not valid Avro.
 */
export function avroType(schema: AvroObject): Type {
  return avro.Type.forSchema(
    schema as Schema,
    {
      logicalTypes: { date: DateType },
      wrapUnions: 'never',
      omitRecordMethods: true,
    } as never,
  )
}

/**
 * Makes the values that `type` decodes plain objects: avsc builds them with a constructor of each record, whose
 * prototype is of no use to us and would make them differ from an object written by hand.
 */
export function decodePlainObjects(type: Type): void {
  const seen = new Set<Type>()
  const visit = (at: Type): void => {
    if (seen.has(at)) return
    seen.add(at)
    if (avro.Type.isType(at, 'record')) {
      const record = at as avro.types.RecordType
      ;(record.recordConstructor as { prototype: object }).prototype = Object.prototype
      for (const field of record.fields) visit(field.type)
    } else if (avro.Type.isType(at, 'array')) visit((at as avro.types.ArrayType).itemsType)
    else if (avro.Type.isType(at, 'map')) visit((at as unknown as { valuesType: Type }).valuesType)
    else if (avro.Type.isType(at, 'union'))
      for (const branch of (at as avro.types.UnwrappedUnionType).types) visit(branch)
  }
  visit(type)
}
