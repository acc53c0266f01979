import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const TIMEOUT_MS = 2_000

/** Metadata, version 2, correlation id 1, client `probe`, for no topic: the smallest question to a whole cluster. */
const QUESTION = Buffer.concat([
  Buffer.from([0, 0, 0, 19, 0, 3, 0, 2, 0, 0, 0, 1, 0, 5]),
  Buffer.from('probe'),
  Buffer.from([0, 0, 0, 0]),
])

/**
 * The id of the cluster that answers at this address (`host:port`), or null where nobody does, or where the broker is
 * not yet part of its cluster: one that has just opened its port is not there yet.
 */
export async function clusterIdAt(address: string): Promise<string | null> {
  const [host = '', port] = address.split(':')
  const socket = connect({ host, port: Number(port) })
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('No answer in time.')))
  try {
    await once(socket, 'connect')
    socket.write(QUESTION)
    return clusterIdOf(await frame(socket))
  } catch {
    return null
  } finally {
    socket.destroy()
  }
}

/** The body of the next response. */
async function frame(socket: Socket): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer])
    if (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) return bytes.subarray(4)
  }
  throw new Error('The connection ended before the answer.')
}

/** Reads correlation id, brokers (id, host, port, rack) and cluster id of the response; null without a broker. */
function clusterIdOf(response: Buffer): string | null {
  let at = 8
  const text = (): string | null => {
    const length = response.readInt16BE(at)
    at += 2 + Math.max(length, 0)
    return length < 0 ? null : response.toString('utf8', at - length, at)
  }
  const brokers = response.readInt32BE(4)
  for (let broker = 0; broker < brokers; broker += 1) {
    at += 4
    text()
    at += 4
    text()
  }
  return brokers === 0 ? null : text()
}
