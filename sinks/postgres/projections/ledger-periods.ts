import type { PeriodClosed } from '#schemas'
import { type Columns, type Projection, patch, put, timestamp } from '../projection.ts'

/** Each month of the ledger that was ever closed, as it stands. */
export const ledgerPeriods: Projection = {
  table: 'ledger_periods',
  key: ['period'],
  rules: {
    PeriodClosed: (event) =>
      put({
        ...changed(event),
        status: 'CLOSED',
        run: event.run,
        figures: JSON.stringify(event.figures),
        differences: JSON.stringify(event.differences),
        closed_at: timestamp(event.meta.occurredAt),
      }),
    // The figures that were kept stay.
    PeriodCloseDiffers: (event) =>
      patch({ ...changed(event), status: 'DIFFERS', run: event.run, differences: JSON.stringify(event.differences) }),
    PeriodReopened: (event) => patch({ ...changed(event), status: 'REOPENED', reason: event.reason }),
  },
}

/** When months are closed by themselves. */
export const ledgerSchedules: Projection = {
  table: 'ledger_schedules',
  key: ['ledger_id'],
  rules: {
    PeriodCloseScheduled: (event) => put({ ledger_id: event.ledgerId, close_day: event.closeDay }),
  },
}

function changed({ period, meta }: Pick<PeriodClosed, 'period' | 'meta'>): Columns {
  return { period, changed_at: timestamp(meta.occurredAt) }
}
