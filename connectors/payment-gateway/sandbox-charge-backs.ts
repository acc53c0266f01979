/** Charge-backs of the sandbox gateway: taken from a charge, and decided later; each is told by a webhook, once. */
import type { SandboxAnswer } from '../sandbox/idempotent-route.ts'
import { sandboxError } from '../sandbox/idempotent-route.ts'
import type { ChargeBackEvent } from './webhook.ts'

/** A charge-back as the gateway shows it. */
export type SandboxChargeBack = {
  readonly id: string
  readonly charge: string
  readonly amountMinor: number
  readonly currency: string
  readonly reason: string
}

/** The charge-backs of one gateway. What must outlive a restart stands in notes beside the answered keys. */
export class SandboxChargeBacks {
  readonly #known = new Map<string, SandboxChargeBack>()
  readonly #decided = new Map<string, boolean>()
  readonly #tell: (event: ChargeBackEvent) => void

  /** `notes`: those of earlier answers, whatever they were to. */
  constructor(notes: readonly string[], tell: (event: ChargeBackEvent) => void) {
    this.#tell = tell
    for (const note of notes) {
      const [kind, id = '', charge = '', amount, currency = '', reason = ''] = note.split(' ')
      if (kind === 'charge-back') this.#known.set(id, { id, charge, amountMinor: Number(amount), currency, reason })
      if (kind === 'decision') this.#decided.set(id, charge === 'won')
    }
  }

  /** Takes note of a charge-back and tells of it. Answers the note to keep. */
  begin(chargeBack: SandboxChargeBack): string {
    const { id, charge, amountMinor, currency, reason } = chargeBack
    this.#known.set(id, chargeBack)
    this.tellOf(chargeBack)
    return `charge-back ${id} ${charge} ${amountMinor} ${currency} ${reason}`
  }

  /** Tells of a charge-back, for the first time or again. */
  tellOf(chargeBack: SandboxChargeBack): void {
    this.#tell({ id: `evt_${chargeBack.id}`, name: 'charge.charged_back', data: chargeBack })
  }

  /** Tells of a decision again. */
  tellOfDecision(chargeBack: SandboxChargeBack, won: boolean): void {
    const outcome = won ? 'won' : 'lost'
    this.#tell({ id: `evt_${chargeBack.id}_${outcome}`, name: `charge_back.${outcome}`, data: chargeBack })
  }

  /** The charge-back of an id; undefined where there is none. */
  get(id: unknown): SandboxChargeBack | undefined {
    return typeof id === 'string' ? this.#known.get(id) : undefined
  }

  /** The charge-back, where it is known and open; else why it cannot be decided. */
  open(id: unknown): SandboxChargeBack | SandboxAnswer {
    const chargeBack = this.get(id)
    if (chargeBack === undefined) return sandboxError(404, 'charge_back_unknown', 'There is no such charge-back.')
    if (!this.#decided.has(chargeBack.id)) return chargeBack
    return sandboxError(402, 'charge_back_decided', 'The charge-back was decided already.')
  }

  /** Decides and tells of it. Answers the note to keep. */
  decide(chargeBack: SandboxChargeBack, won: boolean): string {
    const { id } = chargeBack
    this.#decided.set(id, won)
    this.tellOfDecision(chargeBack, won)
    return `decision ${id} ${won ? 'won' : 'lost'}`
  }
}
