import type { Position } from '#streams'
import type { Statement } from './database.ts'

/** What the database says where a write does not begin at the stored position. */
export const POSITION_MOVED = 'SINK_POSITION_MOVED'

const MOVES = 'json_to_recordset($1::json) AS moves(topic text, partition integer, "from" bigint, "to" bigint)'

/** A partition that nobody has written yet begins where its first writer does. */
const BEGIN = `
INSERT INTO sink_positions (topic, partition, next_offset) SELECT topic, partition, "from" FROM ${MOVES}
ORDER BY topic, partition ON CONFLICT DO NOTHING`

/**
 * Moves the positions, and fails where one of them stood somewhere else: a cast of words to a number is how plain SQL
 * says so. One that stands at the end already is the same batch, written before by a transaction whose answer was lost.
 */
const MOVE = `
WITH moved AS (
  UPDATE sink_positions SET next_offset = moves."to" FROM ${MOVES}
  WHERE sink_positions.topic = moves.topic AND sink_positions.partition = moves.partition
    AND sink_positions.next_offset IN (moves."from", moves."to")
  RETURNING 1
), counted AS (SELECT count(*) AS moved FROM moved)
SELECT CASE WHEN moved = $2::bigint THEN 0
  ELSE ('${POSITION_MOVED}: only ' || moved || ' of ' || $2::bigint)::integer END
FROM counted`

/** Takes the sink from the begin of a batch to its end, or fails the transaction it is part of. */
export function moveStatements(from: readonly Position[], to: readonly Position[]): readonly Statement[] {
  const begins = new Map(from.map((position) => [nameOf(position), position.offset]))
  const moves = to.map((position) => {
    const { topic, partition, offset } = position
    return { topic, partition, from: begins.get(nameOf(position)) ?? offset, to: offset }
  })
  const json = JSON.stringify(moves)
  return [
    { sql: BEGIN, params: [json] },
    { sql: MOVE, params: [json, moves.length] },
  ]
}

function nameOf({ topic, partition }: Position): string {
  return `${topic}/${partition}`
}
