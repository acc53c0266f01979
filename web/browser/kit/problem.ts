import type { ProblemDetails } from '../api-types.ts'

/** One field that is wrong, and why. */
export type FieldProblem = { readonly field: string; readonly message: string }

/** Why something did not work: what the API said, or that it did not answer at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: readonly FieldProblem[]

  constructor(status: number, code: string, detail: string, fields: readonly FieldProblem[] = []) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.fields = fields
  }
}

/** A field that the page itself refuses. */
export function fieldProblem(field: string, message: string): Problem {
  return new Problem(0, 'NOT_VALID', message, [{ field, message }])
}

/** Reads the problem details of an answer; one without them is told by its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null)
  const { code, detail, errors } = (body ?? {}) as Partial<ProblemDetails>
  const fallback = `The server answered ${response.status} ${response.statusText}`.trim()
  return new Problem(response.status, code ?? 'HTTP_ERROR', detail ?? `${fallback}.`, errors ?? [])
}

/** Anything that was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  console.error(error)
  return new Problem(0, 'PAGE_FAILED', 'This page made a mistake. Reload it and try again.')
}
