import { describeWithKafka } from '../../testing/kafka/describe-with-kafka.ts'
import { logSuite } from '../../testing/log-suite.ts'
import { openKafkaLog } from './kafka-log.ts'
import type { KafkaLogOptions } from './options.ts'

const features = {
  persistent: true,
  maintains: false,
  faults: false,
  expels: false,
  refusedRecordBytes: 1024 * 1024 + 1,
}

await describeWithKafka('on a real broker', (kafka) => {
  const openWith = (more: Partial<KafkaLogOptions>) => async () => {
    const open = () => openKafkaLog({ brokers: kafka.brokers, heartbeatMs: 100, ...more })
    let log = await open()
    return {
      log,
      reopen: async () => {
        await log.close()
        log = await open()
        return log
      },
      remove: async () => {},
    }
  }
  logSuite('Kafka', openWith({}), features)
  logSuite(
    'Kafka, with the transactions of KIP-890 and zstd,',
    openWith({ transactions: 'kip-890', compression: 'zstd' }),
    features,
  )
})
