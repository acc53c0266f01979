import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** A consumer and where the identity check stands. */
export type ConsumerRow = {
  readonly consumerId: string
  readonly email: string
  readonly phone: string | null
  readonly givenName: string
  readonly familyName: string
  readonly country: string
  readonly language: string
  readonly emailVerifiedAt: string | null
  readonly phoneVerifiedAt: string | null
  readonly kycStatus: string
  readonly kycReasons: string[]
  readonly registeredAt: string
}

/** What a consumer may spend and owes. */
export type CreditAccountRow = {
  readonly currency: string
  readonly limitMinor: number
  readonly holdMinor: number
  readonly outstandingMinor: number
  readonly feesMinor: number
  readonly availableMinor: number
  readonly blocked: boolean
  readonly score: number | null
}

const SELECT = selectList([
  'consumerId',
  'email',
  'phone',
  'givenName',
  'familyName',
  'country',
  'language',
  'emailVerifiedAt',
  'phoneVerifiedAt',
  'kycStatus',
  'kycReasons',
  'registeredAt',
])
const CREDIT = selectList([
  'currency',
  'limitMinor',
  'holdMinor',
  'outstandingMinor',
  'feesMinor',
  'availableMinor',
  'blocked',
  'score',
])

/** All consumers, newest first. */
export function listConsumers(database: Database, page: PageRequest): Promise<Page<ConsumerRow>> {
  return readPage(database, { from: 'consumers', time: 'registered_at', id: 'consumer_id', select: SELECT }, page)
}

/** A consumer, or null. */
export function consumerById(database: Database, consumerId: string): Promise<ConsumerRow | null> {
  return readOne(database, `SELECT ${SELECT} FROM consumers WHERE consumer_id = $1`, [consumerId])
}

/** What a consumer may spend and owes; null before credit knows the consumer. */
export function creditAccountOf(database: Database, consumerId: string): Promise<CreditAccountRow | null> {
  return readOne(database, `SELECT ${CREDIT} FROM credit_accounts WHERE consumer_id = $1`, [consumerId])
}
