/** Reads one value of the settings table from text, and says in words what is allowed. */
import type { SettingType } from './settings-table.ts'

/** A value that was read, or what is wrong with it: `must be …`. */
export type ParsedValue = { readonly value: string | number } | { readonly problem: string }

/** What a setting of this type may be: `a whole number from 0 to 65535`. */
export function allowedValues(type: SettingType): string {
  switch (type.kind) {
    case 'text':
      return 'any text'
    case 'path':
      return 'a path'
    case 'date':
      return 'a date, YYYY-MM-DD'
    case 'integer':
      return `a whole number from ${type.min} to ${type.max}`
    case 'choice':
      return `one of ${type.of.join(', ')}`
    case 'url':
      return `a URL that starts with ${type.protocols.map((protocol) => `${protocol}://`).join(' or ')}`
  }
}

/** Reads `text` as this type. */
export function parseValue(type: SettingType, text: string): ParsedValue {
  const value = read(type, text)
  return value === undefined ? { problem: `must be ${allowedValues(type)}` } : { value }
}

function read(type: SettingType, text: string): string | number | undefined {
  switch (type.kind) {
    case 'text':
    case 'path':
      return text
    case 'date':
      return isDate(text) ? text : undefined
    case 'integer': {
      const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
      return number >= type.min && number <= type.max ? number : undefined
    }
    case 'choice':
      return type.of.includes(text) ? text : undefined
    case 'url':
      return isUrl(text, type.protocols) ? text : undefined
  }
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text)
  return url !== null && url.host !== '' && protocols.includes(url.protocol.slice(0, -1))
}
