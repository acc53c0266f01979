import type { StreamsError } from '../errors.ts'
import type { AppState } from './app-state.ts'
import type { RebuildReason } from './changelog-cursors.ts'
import type { StreamsHooks } from './hooks.ts'
import type { RestoreProgress } from './restore-pace.ts'
import type { StandbyProgress } from './standby-task.ts'

/**
 * What an application tells whoever observes it: metrics, logs, a page. All are optional, called synchronously, and
 * must not throw. `app` is the application's name.
 */
export type AppHooks = {
  onStateChange?(event: { readonly app: string; readonly from: AppState; readonly to: AppState }): void
  /** A task became ours, or left us. */
  onTaskAssigned?(event: { readonly app: string; readonly taskId: string }): void
  onTaskReleased?(event: { readonly app: string; readonly taskId: string }): void
  /** A transaction is committed and applied. `ms` runs from its start to the end of the store's write. */
  onCommit?(event: CommitEvent): void
  /** A transaction was refused without effect and is tried again. */
  onCommitRetry?(event: { readonly app: string; readonly attempt: number; readonly error: StreamsError }): void
  /** Everything uncommitted was dropped; tasks go on from the committed positions. */
  onRecovery?(event: { readonly app: string; readonly cause: StreamsError; readonly rejoins: boolean }): void
  /** A task that became ours reads its state: at the beginning and after each step. */
  onRestoreProgress?(event: { readonly app: string; readonly taskId: string } & RestoreProgress): void
  /** A standby has applied something. */
  onStandbyProgress?(event: { readonly app: string; readonly taskId: string } & StandbyProgress): void
  /** Standbys could not read the log; they try again. */
  onStandbyTrouble?(event: { readonly app: string; readonly error: StreamsError }): void
  /** A store could not go on from where it was, and is built again from the beginning of its changelog. */
  onStoreRebuild?(event: {
    readonly app: string
    readonly taskId: string
    readonly store: string
    readonly reason: RebuildReason
  }): void
  /** A record of a global table's topic could not be decoded; the table keeps what it had under its key. */
  onGlobalTableError?(event: {
    readonly app: string
    readonly topic: string
    readonly partition: number
    readonly offset: number
    readonly error: unknown
  }): void
  /** The application stopped by itself. */
  onFailure?(event: { readonly app: string; readonly error: unknown }): void
}

/** All that can be observed of an application and its tasks. */
export type StreamsAppHooks = StreamsHooks & AppHooks

/** What a transaction was. */
export type CommitEvent = {
  readonly app: string
  readonly ms: number
  /** Input records, output records with changelogs, and the bytes of the latter. */
  readonly processed: number
  readonly written: number
  readonly bytes: number
  readonly tasks: number
}
