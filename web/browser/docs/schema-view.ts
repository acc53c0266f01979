import { h } from '../kit/dom.ts'
import { codeWords } from './code-words.ts'
import { type OpenApi, type Parameter, resolve, type Schema } from './openapi.ts'

const DEPTH_MAX = 4
type Field = { readonly name: string; readonly required: boolean; readonly schema: Schema; readonly place?: string }

/** The fields of a body, with those of inner objects below them. */
export function fieldTable(schema: Schema, document: OpenApi): HTMLElement {
  const fields = fieldsOf(schema, document, '', 0)
  return fields.length === 0 ? h('p', { class: 'quiet' }, 'No fields.') : table(fields, document)
}

/** The values in the path, the query and the headers. */
export function parameterTable(parameters: readonly Parameter[], document: OpenApi): HTMLElement {
  const fields = parameters.map(({ name, in: place, required = false, schema, description }) => ({
    name,
    place,
    required,
    schema: description === undefined ? schema : { ...schema, description },
  }))
  return table(fields, document)
}

function fieldsOf(schema: Schema, document: OpenApi, prefix: string, depth: number): Field[] {
  const found = resolve(schema, document)
  if (depth > DEPTH_MAX) return []
  return Object.entries(found.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${prefix}${name}`
    const resolved = resolve(inner, document)
    const [below, mark] = resolved.items === undefined ? [objectOf(resolved), '.'] : [resolved.items, '[].']
    const own = { name: path, required: found.required?.includes(name) ?? false, schema: resolved }
    return [own, ...(below === undefined ? [] : fieldsOf(below, document, `${path}${mark}`, depth + 1))]
  })
}

/** Of `object or null` the object. */
function objectOf(schema: Schema): Schema | undefined {
  return schema.anyOf?.find(({ properties, $ref }) => properties !== undefined || $ref !== undefined) ?? schema
}

function table(fields: readonly Field[], document: OpenApi): HTMLElement {
  const rows = fields.map(({ name, required, schema, place }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('code', {}, name), required ? h('small', { class: 'required' }, 'required') : null),
      h('td', {}, typeOf(schema, document), place === undefined ? null : h('small', {}, `in the ${place}`)),
      h(
        'td',
        {},
        ...codeWords(resolve(schema, document).description ?? ''),
        h('small', {}, limitsOf(resolve(schema, document))),
      ),
    ),
  )
  const head = h('tr', {}, ...['Field', 'Type', 'What it is'].map((text) => h('th', { scope: 'col' }, text)))
  return h('div', { class: 'scroll' }, h('table', { class: 'fields' }, h('thead', {}, head), h('tbody', {}, ...rows)))
}

function typeOf(schema: Schema, document: OpenApi): string {
  const found = resolve(schema, document)
  if (found.anyOf !== undefined) return found.anyOf.map((one) => typeOf(one, document)).join(' or ')
  if (found.items !== undefined) return `list of ${typeOf(found.items, document)}`
  const type = [found.type ?? 'any'].flat().join(' or ')
  return found.format === undefined ? type : `${type} (${found.format})`
}

function limitsOf(schema: Schema): string {
  const parts = [
    schema.enum === undefined ? '' : `one of ${schema.enum.map(String).join(', ')}`,
    schema.exclusiveMinimum === undefined ? '' : `above ${schema.exclusiveMinimum}`,
    schema.minimum === undefined ? '' : `at least ${schema.minimum}`,
    schema.maximum === undefined ? '' : `at most ${schema.maximum}`,
    schema.maxLength === undefined ? '' : `at most ${schema.maxLength} characters`,
    schema.maxItems === undefined ? '' : `at most ${schema.maxItems} entries`,
    schema.default === undefined ? '' : `without it: ${JSON.stringify(schema.default)}`,
  ]
  return parts.filter((part) => part !== '').join('; ')
}
