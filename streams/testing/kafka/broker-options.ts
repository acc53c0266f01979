/** Who may sign in on the SASL listeners. */
export type SaslUser = { readonly name: string; readonly password: string }

/** How a broker is to be; without any: the default version on a free port, in a folder of its own. */
export type KafkaBrokerOptions = {
  /** Of Apache Kafka, as in Maven Central: `4.3.1` by default, `3.9.2` works too. */
  readonly version?: string
  /** Where its data lies. Without one a temporary folder is made, and removed when the broker is stopped. */
  readonly dataDir?: string
  /** The port of the plain listener on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number
  /**
   * Opens one more plain listener, of which the broker tells clients that it is on this port of 127.0.0.1: that of a
   * proxy, which passes what it gets on to `broker.addresses.behindProxy`.
   */
  readonly proxyPort?: number
  /** Opens a SASL listener with these users: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly saslUsers?: readonly SaslUser[]
  /** Opens a TLS listener with a certificate made for this broker; with `saslUsers` also one with both. */
  readonly tls?: boolean
  /** Settings of the broker, over those that it has here. */
  readonly properties?: Readonly<Record<string, string>>
  /** Java heap in MB. */
  readonly heapMb?: number
  /** Takes half of the processor time to start, and somewhat more for each record: for what is restarted often. */
  readonly startsQuickly?: boolean
  /** Its place in a cluster of several, which `KafkaCluster` gives it. Without one it is a cluster of its own. */
  readonly place?: BrokerPlace
}

/** Which broker of its cluster one is. */
export type BrokerPlace = {
  readonly clusterId: string
  /** From 1. */
  readonly nodeId: number
  /** Of all brokers of the cluster, in the order of their numbers. */
  readonly controllerPorts: readonly number[]
}

/** One listener of a broker: its name, what is spoken on it, and the ports of both ends. */
export type Listener = {
  readonly name: 'PLAIN' | 'CONTROLLER' | 'PROXIED' | 'SASL' | 'TLS' | 'SASLTLS'
  readonly protocol: 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL'
  readonly port: number
  readonly advertisedPort: number
}

/** A certificate of a broker: the key store it reads, and what a client has to trust. */
export type BrokerCertificate = {
  readonly keyStore: string
  readonly password: string
  /** The certificate in PEM form: the `ca` of a TLS client. */
  readonly ca: string
}
