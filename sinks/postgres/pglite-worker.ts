/**
 * The thread that PGlite computes on, so that the platform's own thread stays free. It answers one message after the
 * other; a message holds a whole transaction.
 */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import type { Row, Statement } from './database.ts'
import { valueParsers } from './value-parsers.ts'

/** What the thread is asked. */
export type WorkerRequest = {
  readonly id: number
  readonly kind: 'query' | 'transaction' | 'close'
  readonly statements: readonly Statement[]
}
/** What it answers; `id: 0` says that the database is open, or why it is not. */
export type WorkerReply = {
  readonly id: number
  readonly rows?: readonly Row[]
  readonly error?: { readonly message: string; readonly code: string | undefined }
}

/** After so many bytes of parameters: one process has no background workers that would vacuum and checkpoint. */
const MAINTAIN_BYTES = 134_217_728

const port = parentPort
if (port === null) throw new Error('pglite-worker.ts runs as a worker thread only.')

let database: PGlite | undefined
let writtenBytes = 0
let queue = reply(0, async () => {
  const { dataDir } = workerData as { readonly dataDir: string | null }
  if (dataDir !== null) await makeDirectory(dataDir)
  database = await open(dataDir)
  return []
})

port.on('message', (request: WorkerRequest) => {
  queue = queue.then(() => reply(request.id, () => answer(request)))
})

function open(dataDir: string | null): Promise<PGlite> {
  return PGlite.create({ ...(dataDir === null ? {} : { dataDir }), parsers: { ...valueParsers } })
}

/** Makes a new database beside its place and moves it there whole: a kill leaves no half of one. */
async function makeDirectory(dataDir: string): Promise<void> {
  if (existsSync(dataDir)) return
  const making = `${dataDir}.making`
  await mkdir(dirname(dataDir), { recursive: true })
  await rm(making, { recursive: true, force: true })
  await (await open(making)).close()
  await rename(making, dataDir)
}

async function answer({ kind, statements }: WorkerRequest): Promise<readonly Row[]> {
  if (database === undefined) throw new Error('The database is not open.')
  if (kind === 'close') {
    await database.close()
    return []
  }
  const [first] = statements
  if (kind === 'query') return first === undefined ? [] : run(database, first)
  await database.transaction(async (transaction) => {
    for (const statement of statements) await run(transaction, statement)
  })
  await maintain(database, statements)
  return []
}

async function run(on: PGlite | Transaction, { sql, params }: Statement): Promise<readonly Row[]> {
  if (params !== undefined) return (await on.query<Row>(sql, [...params])).rows
  return ((await on.exec(sql)).at(-1)?.rows as readonly Row[] | undefined) ?? []
}

/** Keeps tables compact and the write-ahead log short, so that opening after a crash stays quick. */
async function maintain(on: PGlite, statements: readonly Statement[]): Promise<void> {
  for (const { params } of statements) for (const param of params ?? []) writtenBytes += String(param).length
  if (writtenBytes < MAINTAIN_BYTES) return
  writtenBytes = 0
  await on.exec('VACUUM (ANALYZE)')
  await on.exec('CHECKPOINT')
}

async function reply(id: number, work: () => Promise<readonly Row[]>): Promise<void> {
  let message: WorkerReply
  try {
    message = { id, rows: await work() }
  } catch (error) {
    const { code } = error as { code?: string }
    message = { id, error: { message: error instanceof Error ? error.message : String(error), code } }
  }
  port?.postMessage(message)
}
