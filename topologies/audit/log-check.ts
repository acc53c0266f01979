/**
 * Reads a whole audit log, entry by entry, and says for each subject where its chain breaks first. Keeps one head a
 * subject, however long the chains are.
 */
import type { AuditEntry, AuditState } from '#schemas'
import { type ChainFault, type ChainHead, endFault, entryFault, GENESIS } from './chain.ts'

/** Where the chain of a subject breaks first. */
export type SubjectFault = ChainFault & { readonly subject: string }

/** What a log came to. */
export type LogVerdict = {
  readonly entries: number
  readonly subjects: number
  /** Sorted by subject. Empty where every chain is whole. */
  readonly faults: readonly SubjectFault[]
}

/** Checks the entries of all subjects; those of one subject are given in the order in which they stand in the log. */
export class LogCheck {
  readonly #heads = new Map<string, ChainHead>()
  readonly #faults = new Map<string, SubjectFault>()
  #entries = 0

  /**
   * Takes the next entry. What follows the first fault of a subject is not judged, because it cannot be trusted; but a
   * missing entry that comes later was only put elsewhere.
   */
  take(entry: AuditEntry): void {
    const { subject } = entry
    this.#entries += 1
    const known = this.#faults.get(subject)
    if (known !== undefined) {
      const isMissed = known.fault === 'MISSING' && known.sequence === entry.sequence
      if (isMissed) this.#faults.set(subject, { ...known, fault: 'REORDERED' })
      return
    }
    const before = this.#heads.get(subject) ?? GENESIS
    this.#heads.set(subject, entry)
    this.#note(subject, entryFault(entry, before))
  }

  /**
   * Ends the check against the heads that the topology itself keeps: a chain whose end is gone is shorter than its
   * head, and a subject of which nothing is left has a head alone.
   */
  end(heads: Iterable<AuditState>): LogVerdict {
    for (const head of heads) {
      if (this.#faults.has(head.subject) || head.sequence === 0) continue
      this.#note(head.subject, endFault(this.#heads.get(head.subject) ?? GENESIS, head))
      this.#heads.set(head.subject, head)
    }
    const faults = [...this.#faults.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
    return { entries: this.#entries, subjects: this.#heads.size, faults }
  }

  #note(subject: string, fault: ChainFault | null): void {
    if (fault !== null) this.#faults.set(subject, { ...fault, subject })
  }
}
