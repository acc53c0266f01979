/** What tests of topologies and of adapters use; never imported by code that runs. */

export { withFaults } from './log/memory/log-faults.ts'
export { type CrashStep, crashReplay, crashStep, type Traces } from './testing/crash-replay.ts'
export { type DecidedSpec, type DeciderSpec, type Expected, given } from './testing/decider-spec.ts'
export {
  type DriverDeadLetter,
  type DriverOptions,
  type DriverRecord,
  type DriverStore,
  type PipeOptions,
  TopologyTestDriver,
} from './testing/driver.ts'
export { type JsonTopicOptions, jsonTopic } from './testing/json-topic.ts'
export {
  describeWithCluster,
  describeWithJava,
  describeWithKafka,
  describeWithOwnKafka,
  type SharedKafka,
} from './testing/kafka/describe-with-kafka.ts'
export { type LogFeatures, type LogUnderTest, logSuite } from './testing/log-suite.ts'
export { type Random, seededRandom, testSeed } from './testing/seed.ts'
export { NO_SMALL_DISK, type SmallDisk, smallDisk } from './testing/small-disk.ts'
export { arrives, playStory, type StoryEnd, type StoryOptions, type StoryStep } from './testing/story.ts'
