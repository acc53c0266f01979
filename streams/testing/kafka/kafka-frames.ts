/** Numbers of the Kafka protocol's requests: those that faults are aimed at. */
export const KAFKA_API = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetCommit: 8,
  OffsetFetch: 9,
  FindCoordinator: 10,
  JoinGroup: 11,
  Heartbeat: 12,
  LeaveGroup: 13,
  SyncGroup: 14,
  ApiVersions: 18,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
} as const

/** The name of a request of the Kafka protocol. */
export type KafkaApi = keyof typeof KAFKA_API

/** What stands at the front of every request. */
export type RequestHeader = {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string
}

/** Reads the header of a whole request frame (Kafka protocol guide, "Request header v1"; v2 begins the same). */
export function requestHeader(frame: Buffer): RequestHeader {
  const length = frame.readInt16BE(12)
  return {
    apiKey: frame.readInt16BE(4),
    apiVersion: frame.readInt16BE(6),
    correlationId: frame.readInt32BE(8),
    clientId: frame.toString('utf8', 14, 14 + Math.max(length, 0)),
  }
}

/** The correlation id of a whole response frame. */
export function responseId(frame: Buffer): number {
  return frame.readInt32BE(4)
}

/** Cuts a stream of bytes into frames: four bytes with the length of what follows, and that. */
export async function* frames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let held = 0
  let wanted = 4
  for await (const chunk of chunks) {
    parts.push(chunk)
    held += chunk.length
    while (held >= wanted) {
      const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
      const whole = 4 + all.readInt32BE(0)
      if (held < whole) {
        parts = [all]
        wanted = whole
        break
      }
      yield all.subarray(0, whole)
      parts = [all.subarray(whole)]
      held -= whole
      wanted = 4
    }
  }
}
