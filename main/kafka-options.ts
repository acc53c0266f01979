import { readFileSync } from 'node:fs'
import type { KafkaLogOptions } from '#streams/kafka'
import { SettingsError } from './settings.ts'
import type { Settings } from './settings-table.ts'

/** What the settings say of Kafka. @throws SettingsError where they do not fit together, or a file cannot be read. */
export function kafkaOptions(settings: Settings, clientId: string): KafkaLogOptions {
  const { KAFKA_BROKERS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD, KAFKA_TLS, KAFKA_CA_FILE } = settings
  const problems: string[] = []
  if (KAFKA_SASL !== null && KAFKA_USERNAME === null) problems.push('KAFKA_SASL is set: KAFKA_USERNAME must be, too.')
  if (KAFKA_SASL !== null && KAFKA_PASSWORD === null) problems.push('KAFKA_SASL is set: KAFKA_PASSWORD must be, too.')
  if (KAFKA_SASL === null && (KAFKA_USERNAME ?? KAFKA_PASSWORD) !== null)
    problems.push('KAFKA_USERNAME or KAFKA_PASSWORD is set: KAFKA_SASL must say how to use them.')
  if (KAFKA_CA_FILE !== null && KAFKA_TLS === 'off') problems.push('KAFKA_CA_FILE is set: set KAFKA_TLS to on.')
  if (problems.length > 0) throw new SettingsError(problems)
  const signsIn = KAFKA_SASL !== null && KAFKA_USERNAME !== null && KAFKA_PASSWORD !== null
  return {
    brokers: (KAFKA_BROKERS ?? '').split(',').map((broker) => broker.trim()),
    clientId,
    compression: settings.KAFKA_COMPRESSION,
    replicationFactor: settings.KAFKA_REPLICATION ?? -1,
    ...(signsIn ? { sasl: { mechanism: KAFKA_SASL, username: KAFKA_USERNAME, password: KAFKA_PASSWORD } } : {}),
    ...(KAFKA_TLS === 'on' ? { tls: KAFKA_CA_FILE === null ? {} : { ca: [readCa(KAFKA_CA_FILE)] } } : {}),
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsError([`KAFKA_CA_FILE is ${path}: it cannot be read (${(error as Error).message}).`])
  }
}
