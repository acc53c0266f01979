/** Reads mails of one text part, as ours are (RFC 5322, 2045 and 2047); for the sandbox's list of mails. */

/** What stands in a mail. */
export type ReadMail = {
  readonly from: string
  readonly subject: string
  readonly messageId: string
  readonly date: string
  readonly text: string
}

/** Reads a mail. A header that is not there is ''. */
export function readMail(raw: Buffer): ReadMail {
  const end = raw.indexOf('\r\n\r\n')
  const head = (end < 0 ? raw : raw.subarray(0, end)).toString('utf8').replace(/\r\n[ \t]+/g, ' ')
  const body = end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4)
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  return {
    from: decodeWords(header('from')),
    subject: decodeWords(header('subject')),
    messageId: header('message-id'),
    date: header('date'),
    text: decodeBody(body, header('content-transfer-encoding').toLowerCase()).replace(/\r\n/g, '\n').trimEnd(),
  }
}

/** What our mails carry for the webhooks about them; '' where it is not there. */
export function readMetadata(raw: Buffer): { readonly consumer: string; readonly notice: string } {
  const head = raw
    .subarray(0, 8_192)
    .toString('latin1')
    .replace(/\r\n[ \t]+/g, ' ')
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S+)`, 'im').exec(head)?.[1] ?? ''
  return { consumer: header('x-fourfold-consumer'), notice: header('x-fourfold-notice') }
}

function decodeBody(body: Buffer, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body.toString('utf8')
  return decodeQuoted(body.toString('latin1').replace(/=\r?\n/g, ''))
}

/** `=?UTF-8?Q?…?=` and `=?UTF-8?B?…?=`; blanks between two of them do not count. */
function decodeWords(text: string): string {
  return text
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    )
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
