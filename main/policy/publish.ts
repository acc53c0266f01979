import { randomUUID } from 'node:crypto'
import { sha256 } from '#domain/ids.ts'
import type { PolicyProblem } from '#topologies/credit/policy-coherence.ts'
import type { OperatorAnswer, OperatorClient } from './operator-client.ts'
import { repeatedKeys } from './repeated-keys.ts'

/** What became of a publication: what was published, or everything that is wrong with it. */
export type Publication = {
  readonly published: Readonly<Record<string, unknown>> | null
  readonly problems: readonly { readonly code: string; readonly text: string }[]
  readonly text: string
}

type FileProblem = { readonly code: string; readonly message: string }

/**
 * Publishes a policy. `effectiveFrom`: ISO 8601; left out: from now on; null: only as a challenger. With a time, the
 * same command sent again has no second effect.
 */
export async function publishPolicy(
  client: OperatorClient,
  text: string,
  effectiveFrom: string | null | undefined,
): Promise<Publication> {
  const policy = jsonOf(text)
  if (policy === undefined) return noJson
  if (keyProblems(text).length > 0) return notPublished(keyProblems(text))
  const body = effectiveFrom === undefined ? { policy } : { policy, effectiveFrom }
  const key = effectiveFrom === undefined ? randomUUID() : sha256(`${text}\n${effectiveFrom}`)
  return publicationOf(await client.post('/v1/credit/policies', body, `policy-${key}`))
}

/** Publishes a score model. */
export async function publishModel(client: OperatorClient, text: string): Promise<Publication> {
  const model = jsonOf(text)
  if (model === undefined) return noJson
  if (keyProblems(text).length > 0) return notPublished(keyProblems(text))
  return publicationOf(await client.post('/v1/credit/models', { model }, `model-${sha256(text)}`))
}

/** The keys of a file that stand twice, in words; the file must be JSON. */
export function keyProblems(text: string): readonly PolicyProblem[] {
  return repeatedKeys(text).map((key) => {
    return { code: 'POLICY_NAME_TWICE', text: `the key ${key} stands there twice, and only the last one would count` }
  })
}

const noJson = notPublished([{ code: 'POLICY_FORM', text: 'the file is no JSON' }])

function notPublished(problems: readonly PolicyProblem[]): Publication {
  return { published: null, problems, text: 'Nothing was published.' }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function publicationOf({ status, body }: OperatorAnswer): Publication {
  if (status === 201) {
    const { version, effectiveFrom } = body
    const since = effectiveFrom === undefined || effectiveFrom === null ? '' : ` It holds from ${effectiveFrom} on.`
    return { published: body, problems: [], text: `${version} is published.${since}` }
  }
  const listed = (body['errors'] ?? []) as readonly FileProblem[]
  const problems = listed.map(({ code, message }) => ({ code, text: message }))
  return { published: null, problems, text: `${body['code']}: ${body['detail']}` }
}
