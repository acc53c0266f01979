/** Between `bureau.requests` / `bureau.results` and the bureau's API. */
import { type BureauOutcome, type BureauReported, type BureauReportRequested, childMeta } from '#schemas'
import type { CreditFile, ReportBody } from './client.ts'

const SOURCE = 'connector.bureau'

const OUTCOMES: Readonly<Record<CreditFile['outcome'], BureauOutcome>> = {
  found: 'FOUND',
  thin_file: 'THIN_FILE',
  frozen: 'FROZEN',
}

/** What is sent for a report. */
export function reportBody(request: BureauReportRequested): ReportBody {
  const { consumerId, givenName, familyName, dateOfBirth, country } = request
  return { reference: consumerId, givenName, familyName, dateOfBirth, country }
}

/** The result of a request. */
export function bureauResult(request: BureauReportRequested, file: CreditFile): BureauReported {
  const { id, outcome, score, openAccounts, delinquencies, inquiries, oldestAccountMonths } = file
  const { monthlyIncomeMinor, attributes } = file
  return {
    ...said(request, OUTCOMES[outcome]),
    score,
    openAccounts,
    delinquencies,
    inquiries,
    oldestAccountMonths,
    monthlyIncomeMinor,
    attributes,
    providerRef: id,
  }
}

/** The result where the bureau did not answer. */
export function unavailableResult(request: BureauReportRequested): BureauReported {
  return {
    ...said(request, 'UNAVAILABLE'),
    score: null,
    openAccounts: 0,
    delinquencies: 0,
    inquiries: 0,
    oldestAccountMonths: 0,
    monthlyIncomeMinor: null,
    attributes: null,
    providerRef: null,
  }
}

function said(request: BureauReportRequested, outcome: BureauOutcome) {
  const { requestId, consumerId, bureau } = request
  return {
    type: 'BureauReported',
    meta: childMeta(SOURCE, request, 'result'),
    requestId,
    consumerId,
    bureau,
    outcome,
  } as const
}
