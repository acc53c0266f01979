/**
 * The sandbox providers in a worker thread of their own, so that they do not take turns with the platform. This file is
 * both sides: imported it starts the thread, in the thread it starts the providers.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Sandboxes, type SandboxOptions, startSandboxes } from './sandbox-servers.ts'

type Started = { readonly urls: Sandboxes['urls']; readonly outbox: string }

/** Starts all sandbox providers in a thread. Rejects where they cannot be started, e.g. where the port is in use. */
export async function startSandboxThread(options: SandboxOptions = {}): Promise<Sandboxes> {
  const thread = new Worker(new URL(import.meta.url), { workerData: { sandboxes: options } })
  const started = await new Promise<Started>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('The thread of the sandbox providers has ended.')))
  })
  thread.removeAllListeners('error')
  // What fails in it later is seen by those who call the providers.
  thread.on('error', (error) => console.error('The sandbox providers have failed:', error))
  return {
    ...started,
    close: async () => {
      const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
      thread.postMessage('close')
      await ended
    },
  }
}

async function runInThread(options: SandboxOptions): Promise<void> {
  const { urls, outbox, close } = await startSandboxes(options)
  parentPort?.once('message', () => {
    // The thread ends by itself when nothing is open any more: this listener was the last.
    close().catch((error: unknown) => console.error('The sandbox providers did not close cleanly:', error))
  })
  parentPort?.postMessage({ urls, outbox } satisfies Started)
}

const { sandboxes } = (workerData ?? {}) as { sandboxes?: SandboxOptions }
if (!isMainThread && sandboxes) await runInThread(sandboxes)
