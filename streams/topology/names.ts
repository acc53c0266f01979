import { StreamsError } from '../errors.ts'

const NODE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}$/
const APP_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/

/**
 * Checks the name of a node, store or branch: letters, digits, `-` and `_`, so that it can be part of a topic's name.
 * @throws StreamsError STREAMS_ILLEGAL_NAME
 */
export function assertName(what: string, name: string): void {
  if (!NODE_NAME.test(name)) throw illegal(what, name, 'letters, digits, - and _')
}

/** Checks the name of an application, which may have dots. @throws StreamsError STREAMS_ILLEGAL_NAME */
export function assertAppName(name: string): void {
  if (!APP_NAME.test(name)) throw illegal('application', name, 'letters, digits, ., - and _')
}

function illegal(what: string, name: string, allowed: string): StreamsError {
  return new StreamsError(
    'STREAMS_ILLEGAL_NAME',
    `The ${what} name ${JSON.stringify(name)} is not allowed: ` +
      `use 1 to 100 ${allowed}, beginning with a letter or a digit.`,
  )
}
