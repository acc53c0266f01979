import type { z } from '@hono/zod-openapi'

type Issue = z.core.$ZodIssue

/**
 * What is wrong with a field, so that it reads on after the field's name: `amountMinor is required`. Schemas that have
 * words of their own keep them; this is for those that do not.
 */
export function wordsOfIssue(issue: Issue): string {
  // The library's own words begin with a capital; ours do not.
  if (!/^[A-Z]/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : `must be ${ofType(issue.expected)}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_big':
      return `must ${bounded(issue.origin, 'at most', issue.maximum)}`
    case 'too_small':
      return `must ${bounded(issue.origin, 'at least', issue.minimum)}`
    default:
      return `cannot be taken: ${issue.message}`
  }
}

const WITH_AN: readonly string[] = ['object', 'array']

function ofType(expected: string): string {
  if (expected === 'int') return 'a whole number'
  return WITH_AN.includes(expected) ? `an ${expected}` : `a ${expected}`
}

function bounded(origin: string, how: 'at most' | 'at least', bound: number | bigint): string {
  if (origin === 'string') return `have ${how} ${bound} characters`
  return origin === 'array' ? `have ${how} ${bound} entries` : `be ${how} ${bound}`
}
