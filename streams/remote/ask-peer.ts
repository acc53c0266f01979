import { type Agent, request } from 'node:http'
import { StreamsError } from '../errors.ts'
import { QUERY_PATH, readAnswer } from './wire.ts'

/** How another instance is asked. */
export type AskOptions = {
  readonly agent: Agent
  readonly secret: string | undefined
  readonly timeoutMs: number
  /** Calls the question off: QUERY_NOT_HERE. */
  readonly signal: AbortSignal
}

/** See `QueryServer.ask`. */
export async function askPeer(address: string, app: string, question: unknown, options: AskOptions): Promise<unknown> {
  const body = await post(`http://${address}${QUERY_PATH}${encodeURIComponent(app)}`, question, options).catch(
    (cause: Error) => {
      throw failureOf(address, cause, options)
    },
  )
  const answer = readAnswer(body)
  if (answer === null) {
    const message = `What ${address} answered is no answer of a query server. Is it the address of an instance?`
    throw new StreamsError('QUERY_ANSWER_INVALID', message)
  }
  if ('error' in answer) throw new StreamsError(answer.error.code, `${answer.error.message} (${address} says so.)`)
  return answer.answer
}

function post(url: string, question: unknown, { agent, secret, timeoutMs, signal }: AskOptions): Promise<Buffer> {
  const body = Buffer.from(JSON.stringify(question), 'utf8')
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': body.length,
  }
  if (secret !== undefined) headers['authorization'] = `Bearer ${secret}`
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => asking.destroy(new TimedOut()), Math.max(1, timeoutMs))
    const done = <T>(settle: (value: T) => void) => {
      return (value: T) => {
        clearTimeout(timer)
        settle(value)
      }
    }
    const asking = request(url, { method: 'POST', agent, headers, signal }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(resolve)(Buffer.concat(chunks)))
      response.on('error', done(reject))
    })
    asking.on('error', done(reject))
    asking.end(body)
  })
}

class TimedOut extends Error {}

function failureOf(address: string, cause: Error, { signal, timeoutMs }: AskOptions): StreamsError {
  if (signal.aborted) {
    return new StreamsError('QUERY_NOT_HERE', `What was asked for has left ${address} meanwhile.`, { cause })
  }
  if (cause instanceof TimedOut) {
    const message = `${address} has not answered within ${Math.round(timeoutMs)} ms.`
    return new StreamsError('QUERY_TIMEOUT', `${message} Try again, or ask with a longer timeoutMs.`, { cause })
  }
  const message = `${address} cannot be reached: ${cause.message}. Is its instance down, or its address a wrong one?`
  return new StreamsError('QUERY_OWNER_UNREACHABLE', message, { cause })
}
