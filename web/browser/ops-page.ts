import type {
  BooksStatus,
  CreditReview,
  DecisionRow,
  Dispute,
  GatewayRoutes,
  LedgerPeriods,
  MerchantApplication,
  Page,
  PlatformStatus,
  PlatformTotals,
} from './api-types.ts'
import { ApiClient } from './kit/api-client.ts'
import { problemBanner } from './kit/banner.ts'
import { byId, fill, show } from './kit/dom.ts'
import { onSubmit } from './kit/form.ts'
import { keep, kept } from './kit/kept.ts'
import { type Poll, poll } from './kit/poll.ts'
import { asProblem, type Problem } from './kit/problem.ts'
import { takeToken } from './kit/take-token.ts'
import { drawBooks } from './ops/books.ts'
import { clockCard } from './ops/clock.ts'
import { decisionList } from './ops/decisions.ts'
import { disputeQueue } from './ops/disputes.ts'
import { drawConnectors, drawInstances, drawSinks } from './ops/edges.ts'
import { drawGateways } from './ops/gateways.ts'
import { applicationList } from './ops/merchant-applications.ts'
import { periodCard } from './ops/periods.ts'
import { reviewQueue } from './ops/reviews.ts'
import { Tiles } from './ops/tiles.ts'
import { TopologyRow } from './ops/topology-row.ts'

const EVERY_MS = 1_000
const SLOWER_MS = 2_000
const DECISIONS_MAX = 15
const REVIEWS_MAX = 20
const DISPUTES_MAX = 50
const APPLICATIONS_MAX = 20

const api = new ApiClient(() => kept('operator-token'))
const rows = new Map<string, TopologyRow>()
const tiles = new Tiles()
const drawReviews = reviewQueue({ api, refresh: () => watchingSlower?.now() })
const drawDisputes = disputeQueue({ api, refresh: () => watchingSlower?.now() })
const drawApplications = applicationList({ api, refresh: () => watchingSlower?.now() })
const drawDecisions = decisionList(api)
const drawPeriods = periodCard({ api, refresh: () => watchingSlower?.now() })
const clock = clockCard(api, () => watching?.now())
let watching: Poll | undefined
let watchingSlower: Poll | undefined

async function readStatus(): Promise<void> {
  const status = await api.get<PlatformStatus>('/v1/operations/status')
  clock.draw(status)
  tiles.showStatus(status)
  for (const topology of status.topologies) rowOf(topology.app).show(topology)
  drawConnectors(status.connectors)
  drawSinks(status.sinks)
  drawInstances(status.instances)
}

async function readSlower(): Promise<void> {
  const open = (status: string) => api.get<Page<CreditReview>>(`/v1/reviews?status=${status}&limit=${REVIEWS_MAX}`)
  const [decisions, claimed, requested, totals, books, routes, periods, applied, disputes] = await Promise.all([
    api.get<Page<DecisionRow>>(`/v1/decisions?limit=${DECISIONS_MAX}`),
    open('CLAIMED'),
    open('REQUESTED'),
    api.get<PlatformTotals>('/v1/operations/totals'),
    api.get<BooksStatus>('/v1/ledger/invariants'),
    api.get<GatewayRoutes>('/v1/gateway-routes'),
    api.get<LedgerPeriods>('/v1/ledger/periods'),
    api.get<Page<MerchantApplication>>(`/v1/merchant-applications?limit=${APPLICATIONS_MAX}`),
    api.get<Page<Dispute>>(`/v1/disputes?limit=${DISPUTES_MAX}`),
  ])
  drawReviews([...claimed.items, ...requested.items])
  drawDecisions(decisions.items)
  drawApplications(applied.items)
  drawDisputes(disputes.items)
  tiles.showTotals(totals)
  drawBooks(books)
  drawGateways(routes)
  drawPeriods(periods)
  await Promise.all([...rows.values()].map((row) => row.refresh()))
}

function rowOf(app: string): TopologyRow {
  const known = rows.get(app)
  if (known !== undefined) return known
  const row = new TopologyRow(app, api)
  rows.set(app, row)
  document.getElementById('topologies')?.append(...row.elements)
  return row
}

async function enter(): Promise<void> {
  await readStatus()
  showSignedIn(true)
  watching?.stop()
  watchingSlower?.stop()
  watching = poll(EVERY_MS, () => attempt(readStatus))
  watchingSlower = poll(SLOWER_MS, () => attempt(readSlower))
}

/** What cannot be read is said, and read again: the page outlives a restart of the platform. */
async function attempt(read: () => Promise<void>): Promise<void> {
  const place = byId('connection', HTMLDivElement)
  try {
    await read()
    if (read === readStatus) fill(place)
  } catch (error) {
    const problem = asProblem(error)
    if (problem.status === 401 || problem.status === 403) leave(problem)
    else fill(place, problemBanner(problem))
  }
}

function leave(problem?: Problem): void {
  watching?.stop()
  watchingSlower?.stop()
  if (problem === undefined || problem.status !== 0) keep('operator-token', null)
  showSignedIn(false)
  fill(byId('token-note', HTMLDivElement), problem === undefined ? null : problemBanner(problem))
}

function showSignedIn(signedIn: boolean): void {
  show(byId('token-card', HTMLElement), !signedIn)
  show(byId('ops', HTMLDivElement), signedIn)
  show(byId('ops-tools', HTMLDivElement), signedIn)
}

onSubmit(byId('token-form', HTMLFormElement), async ({ token = '' }) => {
  keep('operator-token', token)
  try {
    await enter()
  } catch (error) {
    keep('operator-token', null)
    throw error
  }
})
byId('forget-token', HTMLButtonElement).addEventListener('click', () => leave())
takeToken()
showSignedIn(false)
if (kept('operator-token') !== null) void enter().catch((error: unknown) => leave(asProblem(error)))
