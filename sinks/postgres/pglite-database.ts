import { Worker } from 'node:worker_threads'
import { StreamsError } from '#streams'
import type { Database, Row, Statement } from './database.ts'
import type { WorkerReply, WorkerRequest } from './pglite-worker.ts'

type Pending = { readonly resolve: (rows: readonly Row[]) => void; readonly reject: (error: Error) => void }

/**
 * PostgreSQL in this process, on a thread of its own, in a directory (in memory where it is null). The directory
 * survives kill -9; one process opens it at a time.
 * @throws StreamsError DATABASE_UNAVAILABLE where it cannot be opened.
 */
export async function openPgliteDatabase(dataDir: string | null): Promise<Database> {
  const database = new PgliteDatabase(dataDir)
  await database.opened
  return database
}

class PgliteDatabase implements Database {
  readonly opened: Promise<unknown>
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #closed = false

  constructor(dataDir: string | null) {
    this.opened = this.#expect(0)
    this.#worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: { dataDir } })
    this.#worker.on('message', (reply: WorkerReply) => this.#settle(reply))
    this.#worker.on('error', (error) => this.#failAll(error.message))
    this.#worker.on('exit', () => this.#failAll('its thread has ended'))
  }

  query(sql: string, params: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#ask('query', [{ sql, params }])
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    await this.#ask('transaction', statements)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#post('close', [])
    await this.#worker.terminate()
  }

  #ask(kind: WorkerRequest['kind'], statements: readonly Statement[]): Promise<readonly Row[]> {
    if (this.#closed) return Promise.reject(unavailable('it is closed'))
    return this.#post(kind, statements)
  }

  #post(kind: WorkerRequest['kind'], statements: readonly Statement[]): Promise<readonly Row[]> {
    this.#lastId += 1
    const answered = this.#expect(this.#lastId)
    this.#worker.postMessage({ id: this.#lastId, kind, statements } satisfies WorkerRequest)
    return answered
  }

  #expect(id: number): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }))
  }

  #settle({ id, rows = [], error }: WorkerReply): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (error === undefined) pending?.resolve(rows)
    else pending?.reject(id === 0 ? unopened(error.message) : failed(error.message, error.code))
  }

  #failAll(why: string): void {
    this.#closed = true
    for (const { reject } of this.#pending.values()) reject(unavailable(why))
    this.#pending.clear()
  }
}

function unopened(why: string): StreamsError {
  return unavailable(`${why.replace(/\.$/, '')}; check the rights and the free space of its directory`)
}

function unavailable(why: string): StreamsError {
  return new StreamsError('DATABASE_UNAVAILABLE', `The embedded PostgreSQL cannot be used: ${why}.`)
}

function failed(message: string, code: string | undefined): StreamsError {
  return new StreamsError('DATABASE_FAILED', `PostgreSQL refused a statement: ${message} (${code ?? 'no code'}).`)
}
