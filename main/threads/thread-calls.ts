import type { MessagePort } from 'node:worker_threads'
import type { PeerQuestion } from '../cluster/peers.ts'
import type { Settings } from '../settings.ts'

/** What the main thread asks of one that runs topologies. */
export type ThreadCalls = {
  /** Resolves when all of them run. */
  readonly start: [null, null]
  readonly ask: [PeerQuestion, unknown]
  /** The topologies of these groups take no rests until the call is cancelled. */
  readonly hurry: [readonly string[], null]
  /** Resolves when what was under way is committed and everything is closed. */
  readonly stop: [null, null]
}

/** What the main thread is told. */
export type ThreadNews = { readonly failed: [{ readonly code: string | null; readonly message: string }, null] }

/** What a thread is made with. */
export type ThreadOrder = {
  readonly settings: Settings
  readonly instanceId: string
  /** The folder of its state inside DATA_DIR. */
  readonly stateFolder: string
  readonly topologies: readonly string[]
  /** The other ends of the log and of the calls. */
  readonly log: MessagePort
  readonly calls: MessagePort
}
