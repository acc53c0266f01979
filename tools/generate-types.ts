/**
 * Writes `schemas/generated/types.ts` from the `.avsc` files: one TypeScript type a record, and a `type` tag on each
 * record that carries an envelope, so that a union of events narrows. `--check` exits 1 where the file is not current.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type AvroType = string | AvroType[] | AvroObject
type AvroObject = {
  type: string
  name?: string
  doc?: string
  symbols?: string[]
  items?: AvroType
  values?: AvroType
  logicalType?: string
  fields?: { name: string; type: AvroType; doc?: string }[]
}

const SOURCE = fileURLToPath(new URL('../schemas/avro', import.meta.url))
const TARGET = fileURLToPath(new URL('../schemas/generated/types.ts', import.meta.url))

const PRIMITIVES: Record<string, string> = {
  string: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  float: 'number',
  boolean: 'boolean',
  bytes: 'Buffer',
  null: 'null',
}

function typeOf(type: AvroType): string {
  if (Array.isArray(type)) return type.map(typeOf).reverse().join(' | ')
  if (typeof type === 'string') return PRIMITIVES[type] ?? type.replace(/^fourfold\./, '')
  if (type.logicalType === 'date') return 'string'
  if (type.type === 'array') return `readonly ${wrap(typeOf(type.items ?? 'null'))}[]`
  if (type.type === 'map') return `Readonly<Record<string, ${typeOf(type.values ?? 'null')}>>`
  return typeOf(type.type)
}

function wrap(type: string): string {
  return type.includes('|') ? `(${type})` : type
}

function docOf(doc: string | undefined, indent: string): string {
  return doc ? `${indent}/** ${doc} */\n` : ''
}

function declare(schema: AvroObject): string {
  if (schema.type === 'enum') {
    const symbols = (schema.symbols ?? []).map((symbol) => `'${symbol}'`).join(' | ')
    return `${docOf(schema.doc, '')}export type ${schema.name} = ${symbols}\n`
  }
  const fields = schema.fields ?? []
  const tag = fields[0]?.name === 'meta' ? `  readonly type: '${schema.name}'\n` : ''
  const lines = fields.map((field) => `${docOf(field.doc, '  ')}  readonly ${field.name}: ${typeOf(field.type)}\n`)
  return `${docOf(schema.doc, '')}export type ${schema.name} = {\n${tag}${lines.join('')}}\n`
}

function render(): string {
  const parts: string[] = ['// Generated from schemas/avro by tools/generate-types.ts; do not edit.\n']
  for (const folder of readdirSync(SOURCE).sort()) {
    for (const file of readdirSync(join(SOURCE, folder)).sort()) {
      parts.push(declare(JSON.parse(readFileSync(join(SOURCE, folder, file), 'utf8')) as AvroObject))
    }
  }
  return parts.join('\n')
}

const rendered = render()
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== rendered) {
    console.error('schemas/generated/types.ts is not current: run `npm run generate`.')
    process.exit(1)
  }
} else {
  writeFileSync(TARGET, rendered)
}
