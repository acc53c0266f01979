/**
 * What stands in ClickHouse: every event as one row of one table, and views that read it. Nothing else is written, so
 * that what the table holds is all there is to get right. Made again on every start; a view can change with a version.
 */

/** The name of the database. */
export const DATABASE = 'fourfold'

/** The table of events, and its columns in the order they are inserted. */
export const EVENTS = `${DATABASE}.events`
export const EVENT_COLUMNS = [
  'topic',
  'partition',
  'log_offset',
  'type',
  'event_id',
  'occurred_at',
  'business_date',
  'consumer_id',
  'merchant_id',
  'purchase_id',
  'plan_id',
  'amount_minor',
  'currency',
  'payload',
] as const

/** The type of a row that holds a record nobody can read; its payload says why, with the bytes. */
export const UNREADABLE = 'UNREADABLE'
/** The condition of a query over a topic that leaves such rows out. */
export const READABLE = `type != '${UNREADABLE}'`

/**
 * The table has no partition key: one insert is then one part, which becomes visible as a whole. The window is how many
 * of the last inserts are remembered by their token.
 */
const EVENTS_TABLE = `
CREATE TABLE IF NOT EXISTS ${EVENTS} (
  topic LowCardinality(String),
  partition UInt16,
  log_offset UInt64,
  type LowCardinality(String),
  event_id String,
  occurred_at DateTime64(3, 'UTC'),
  business_date Date32,
  consumer_id String,
  merchant_id String,
  purchase_id String,
  plan_id String,
  amount_minor Nullable(Int64),
  currency LowCardinality(String),
  payload String CODEC(ZSTD(1))
) ENGINE = MergeTree ORDER BY (topic, partition, log_offset)
SETTINGS non_replicated_deduplication_window = 1000`

/** Per merchant and day: what was decided, sold and given back, and interest. A rate or mean of nothing is 0. */
const MERCHANT_DAYS = `
CREATE OR REPLACE VIEW ${DATABASE}.merchant_days AS
SELECT
  merchant_id,
  business_date AS day,
  currency,
  countIf(type IN ('PurchaseApproved', 'PurchaseDeclined')) AS decisions,
  countIf(type = 'PurchaseApproved') AS approved,
  if(decisions = 0, 0, approved / decisions) AS approval_rate,
  countIf(type = 'PurchaseAuthorised') AS purchases,
  sumIf(assumeNotNull(amount_minor), type = 'PurchaseAuthorised') AS volume_minor,
  if(purchases = 0, 0, round(volume_minor / purchases)) AS mean_order_minor,
  sumIf(assumeNotNull(amount_minor), type = 'PurchaseCaptured') AS captured_minor,
  countIf(type = 'PurchaseRefunded') AS refunds,
  sumIf(assumeNotNull(amount_minor), type = 'PurchaseRefunded') AS refunded_minor,
  sumIf(assumeNotNull(amount_minor), type = 'InterestCharged')
    - sumIf(JSONExtractInt(payload, 'interestReversedMinor'), type = 'RefundAllocated')
    + sumIf(JSONExtractInt(payload, 'interestChargedMinor'), type = 'PlanReworked') AS interest_minor
FROM ${EVENTS}
WHERE topic IN ('credit.events', 'purchase.events', 'plan.events')
  AND type IN ('PurchaseApproved', 'PurchaseDeclined', 'PurchaseAuthorised', 'PurchaseCaptured', 'PurchaseRefunded',
               'InterestCharged', 'RefundAllocated', 'PlanReworked')
  AND (type != 'PlanReworked' OR JSONExtractInt(payload, 'interestChargedMinor') != 0)
GROUP BY merchant_id, day, currency`

/** The statements that make database, table and views. */
export const DEFINITIONS: readonly string[] = [`CREATE DATABASE IF NOT EXISTS ${DATABASE}`, EVENTS_TABLE, MERCHANT_DAYS]
