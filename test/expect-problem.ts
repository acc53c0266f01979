import { expect } from 'vitest'
import type { Answer, ProblemBody } from './caller.ts'

/** An answer must be a problem with this status and code; for a validation, these fields and no others are wrong. */
export function expectProblem(
  answer: Answer<ProblemBody>,
  status: number,
  code: string,
  fields?: readonly string[],
): void {
  const { body } = answer
  expect([answer.status, body.code, body.detail]).toEqual([status, code, expect.stringMatching(/^[A-Z/].{14,}\.$/s)])
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({
    status,
    title: expect.stringMatching(/./),
    type: expect.stringMatching(/^urn:fourfold:/),
  })
  expect(body.errors && [...new Set(body.errors.map(({ field }) => field))]).toEqual(fields)
  for (const error of body.errors ?? []) {
    expect(error).toEqual({ field: error.field, code: expect.stringMatching(/./), message: expect.stringMatching(/./) })
    expect(body.detail).toContain(error.field)
  }
}
