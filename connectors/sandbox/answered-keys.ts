/**
 * The idempotency keys a sandbox has answered, each with a hash of its request and a short note. Answers themselves
 * are derived from the request, so this is all there is to keep; in a file where a directory is given, so that a
 * restarted sandbox knows what it was asked before.
 */
import { hash } from 'node:crypto'
import { createWriteStream, mkdirSync, readFileSync, type WriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is kept of a request. */
export type AnsweredKey = { readonly requestHash: string; readonly note: string }

/** Where keys are kept, and how many. */
export type AnsweredKeysOptions = {
  /** Names the file. */
  readonly name: string
  /** Where the file is kept; nothing is kept where it is left out. */
  readonly directory?: string | undefined
  /** The oldest keys are forgotten beyond so many. */
  readonly keysMax?: number
}

const KEYS_MAX = 500_000

/** The keys of one sandbox. */
export class AnsweredKeys {
  readonly #keys = new Map<string, AnsweredKey>()
  readonly #keysMax: number
  readonly #file: WriteStream | null

  constructor(options: AnsweredKeysOptions) {
    this.#keysMax = options.keysMax ?? KEYS_MAX
    this.#file = options.directory === undefined ? null : this.#openFile(options.directory, `${options.name}.keys`)
  }

  /** What was answered to this key before. */
  get(key: string): AnsweredKey | undefined {
    return this.#keys.get(key)
  }

  /** The notes of all keys, oldest first. */
  notes(): string[] {
    return [...this.#keys.values()].map((answered) => answered.note)
  }

  /** Keeps an answer. The note has no line breaks. */
  set(key: string, answered: AnsweredKey): void {
    this.#remember(key, answered)
    this.#file?.write(lineOf(key, answered))
  }

  /** Resolves when all has been written. */
  async close(): Promise<void> {
    const file = this.#file
    if (file) await new Promise<void>((resolve) => file.end(resolve))
  }

  #openFile(directory: string, name: string): WriteStream {
    mkdirSync(directory, { recursive: true })
    const path = join(directory, name)
    for (const line of readIfThere(path).split('\n')) {
      const [key, requestHash, note] = line.split('\t')
      // The last line may have been cut off by a crash.
      if (key && requestHash && note !== undefined) this.#remember(decodeURIComponent(key), { requestHash, note })
    }
    writeFileSync(path, [...this.#keys].map(([key, answered]) => lineOf(key, answered)).join(''))
    return createWriteStream(path, { flags: 'a' })
  }

  #remember(key: string, answered: AnsweredKey): void {
    this.#keys.set(key, answered)
    if (this.#keys.size <= this.#keysMax) return
    const [oldest] = this.#keys.keys()
    if (oldest !== undefined) this.#keys.delete(oldest)
  }
}

/** The hash by which two requests are the same. */
export function requestHash(request: string): string {
  return hash('sha256', request, 'hex').slice(0, 32)
}

function lineOf(key: string, { requestHash, note }: AnsweredKey): string {
  return `${encodeURIComponent(key)}\t${requestHash}\t${note}\n`
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
