import { expect, test } from 'vitest'
import { kafkaOptions } from './kafka-options.ts'
import { readSettings } from './settings.ts'

const optionsOf = (env: Record<string, string>) => kafkaOptions(readSettings({ env }).settings, 'me')

test('reads brokers, credentials and certificates', () => {
  expect(optionsOf({ KAFKA_BROKERS: 'a:1, b:2' })).toEqual({
    brokers: ['a:1', 'b:2'],
    clientId: 'me',
    compression: 'none',
    replicationFactor: -1,
  })
  const signedIn = { KAFKA_SASL: 'SCRAM-SHA-512', KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'p' }
  expect(optionsOf({ KAFKA_BROKERS: 'a:1', ...signedIn, KAFKA_TLS: 'on', KAFKA_REPLICATION: '3' })).toMatchObject({
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' },
    tls: {},
    replicationFactor: 3,
  })
  expect(optionsOf({ KAFKA_BROKERS: 'a:1', KAFKA_TLS: 'on', KAFKA_CA_FILE: import.meta.filename }).tls).toEqual({
    ca: [expect.stringContaining('reads brokers')],
  })
})

test.each([
  [{ KAFKA_SASL: 'PLAIN' }, /KAFKA_USERNAME must be.*\n.*KAFKA_PASSWORD must be/],
  [{ KAFKA_PASSWORD: 'hunter2' }, /KAFKA_SASL must say/],
  [{ KAFKA_CA_FILE: 'x.pem' }, /set KAFKA_TLS to on/],
  [{ KAFKA_TLS: 'on', KAFKA_CA_FILE: '/does/not/exist.pem' }, /KAFKA_CA_FILE.*cannot be read.*ENOENT/],
])('refuses what does not fit together: %j', (env, message) => {
  expect(() => optionsOf({ KAFKA_BROKERS: 'a:1', ...env } as Record<string, string>)).toThrow(message)
  try {
    optionsOf({ KAFKA_BROKERS: 'a:1', ...env } as Record<string, string>)
  } catch (error) {
    expect(String(error)).not.toContain('hunter2')
  }
})
