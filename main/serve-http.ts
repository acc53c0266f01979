import { type AddressInfo, isIPv6 } from 'node:net'
import { type Http2Bindings, type HttpBindings, type ServerType, serve } from '@hono/node-server'
import type { Closers } from './closers.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

type Handler = (request: Request, bindings: HttpBindings | Http2Bindings) => Response | Promise<Response>

/** The port, taken early so that a second start fails at once; it answers 503 until the platform is up. */
export type RunningServer = {
  /** How this machine reaches it. */
  readonly localUrl: string
  /** How people reach it: PUBLIC_URL where it is set. */
  readonly publicUrl: string
  /** What runs here is up: from now on requests are answered. */
  use(app: { readonly fetch: Handler }): void
}

/** @throws StartError PORT_IN_USE, ADDRESS_UNUSABLE */
export async function serveHttp(settings: Settings, closers: Closers): Promise<RunningServer> {
  let handler: Handler = startingUp
  const server = await listen(settings, (request, bindings) => handler(request, bindings))
  closers.add('the HTTP server', () => closeServer(server))
  const { port } = server.address() as AddressInfo
  const localUrl = `http://${hostOf(settings.HOST)}:${port}`
  const publicUrl = settings.PUBLIC_URL?.replace(/\/$/, '') ?? localUrl
  return {
    localUrl,
    publicUrl,
    use: (app) => {
      handler = (request, bindings) => app.fetch(request, bindings)
    },
  }
}

/** How this machine's own requests name an address that is listened on; IPv6 stands in brackets. */
function hostOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return isIPv6(address) ? `[${address}]` : address
}

function listen(settings: Settings, fetch: Handler): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: settings.HOST, port: settings.PORT }, () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => reject(startErrorOf(error, settings)))
  })
}

function startErrorOf(error: NodeJS.ErrnoException, { HOST, PORT }: Settings): StartError {
  if (error.code === 'EADDRINUSE') {
    const message = `Port ${PORT} of ${HOST} is in use. Stop what listens there, or take another one: --port 8081.`
    return new StartError('PORT_IN_USE', message, { cause: error })
  }
  const message = `The platform cannot listen on ${HOST}:${PORT} (${error.code}). Name another HOST or PORT.`
  return new StartError('ADDRESS_UNUSABLE', message, { cause: error })
}

function startingUp(): Response {
  const body = { status: 'starting', detail: 'The platform is starting. Try again in a moment.' }
  return Response.json(body, { status: 503, headers: { 'retry-after': '1' } })
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Keep-alive connections without a request would hold the end up; requests under way are answered first.
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}
