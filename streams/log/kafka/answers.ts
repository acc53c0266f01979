/**
 * How answers of brokers are told from silence. A broker that answers with an error code has decided something; a
 * request that gets no answer may have been carried out or not, and that difference is what exactly once rests on.
 */
import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'

/** The request got no answer: whether it was carried out is not known. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super(`The broker gave no answer: ${messageOf(cause)}`, { cause })
    this.name = 'NoAnswer'
  }
}

/** The broker could not be reached, so the request was certainly not carried out. */
export class NotSent extends NoAnswer {}

/** Kafka's name of an error code, such as `NOT_COORDINATOR`; `NONE` for 0. */
export function errorName(code: number): string {
  return (protocolErrorsCodesById as Record<number, string>)[code] ?? `ERROR_${code}`
}

/** What Kafka says of an error by name. */
function errorText(name: string): string {
  const known = (protocolErrors as Record<string, { message: string } | undefined>)[name]
  return known === undefined ? name : `${name}: ${known.message}`
}

/**
 * The response to a request, also where it carries error codes: the caller looks at each. Only silence is thrown.
 * @throws NoAnswer
 */
export async function answerOf<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    const response = responseOf(error)
    if (response !== undefined) return response as T
    throw new NoAnswer(error)
  }
}

function responseOf(error: unknown): unknown {
  const isResponse = error instanceof Error && (error as { code?: unknown }).code === 'PLT_KFK_RESPONSE'
  return isResponse ? (error as { response?: unknown }).response : undefined
}

/** The innermost reason of an error, which says most. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors.at(-1) : error.cause
  return inner instanceof Error ? messageOf(inner) : error.message
}

const REMEDIES: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'give the user READ, WRITE and CREATE on our topics',
  GROUP_AUTHORIZATION_FAILED: 'give the user READ on our groups',
  CLUSTER_AUTHORIZATION_FAILED: 'give the user CREATE and IDEMPOTENT_WRITE on the cluster',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'give the user WRITE and DESCRIBE on our transactional ids',
  UNSUPPORTED_VERSION: 'use a broker of Kafka 3.9 or newer',
  INVALID_TRANSACTION_TIMEOUT: 'lower transactionTimeoutMs, or raise transaction.max.timeout.ms of the brokers',
  INVALID_SESSION_TIMEOUT: 'choose sessionTimeoutMs within group.min/max.session.timeout.ms of the brokers',
  FENCED_INSTANCE_ID: 'give each instance a name (instanceId) of its own: another one runs under this one',
  INVALID_REPLICATION_FACTOR: 'start more brokers, or lower replicationFactor',
  POLICY_VIOLATION: 'make the topic by hand, or have the policy of the cluster changed',
}

/** An answer that no retry makes better, as an error that names the remedy. */
export function refused(what: string, name: string, detail?: string | null): StreamsError {
  const remedy = REMEDIES[name]
  const why = detail == null || detail === '' ? errorText(name) : `${name}: ${detail}`
  return new StreamsError(
    'LOG_REFUSED',
    `Kafka refuses ${what} (${why}).${remedy === undefined ? '' : ` Remedy: ${remedy}.`}`,
  )
}
