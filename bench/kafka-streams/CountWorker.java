import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Kafka Streams' side of the comparison: for each record get and put 120 B of state in a RocksDB store with a
 * changelog, and forward 150 B. Exactly once (EOS v2); everything else as Kafka Streams has it by default, but for the
 * settings that are given as further arguments, {@code name=value}.
 *
 * <p>It says a line of JSON for each thing that happens, as our worker does: {@code {"event":…,"atMs":…}}.
 */
public final class CountWorker {
  private static final int STATE_BYTES = 120;
  private static final int OUTPUT_BYTES = 150;

  public static void main(String[] args) throws InterruptedException {
    if (args.length < 6) {
      throw new IllegalArgumentException("brokers application instance folder input output [settings]");
    }
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
    settings.put(StreamsConfig.CLIENT_ID_CONFIG, args[2]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, args[3]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    for (int at = 6; at < args.length; at++) {
      int equals = args[at].indexOf('=');
      settings.put(args[at].substring(0, equals), args[at].substring(equals + 1));
    }
    KafkaStreams streams = new KafkaStreams(topology(args[4], args[5]), settings);
    streams.setStateListener((now, before) -> say(now.name().toLowerCase()));
    streams.setGlobalStateRestoreListener(new RestoreLines());
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      streams.close();
      ended.countDown();
    }));
    streams.start();
    ended.await();
  }

  private static Topology topology(String input, String output) {
    Topology topology = new Topology();
    topology.addSource("in", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), input);
    topology.addProcessor("count", Count::new, "in");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore("counts"), Serdes.String(), Serdes.ByteArray()),
        "count");
    topology.addSink("out", output, Serdes.String().serializer(), Serdes.ByteArray().serializer(), "count");
    return topology;
  }

  private static synchronized void say(String event) {
    System.out.println("{\"event\":\"" + event + "\",\"atMs\":" + System.currentTimeMillis() + "}");
  }

  /** Counts, and forwards the state with the beginning of the value. */
  private static final class Count implements Processor<String, byte[], String, byte[]> {
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, byte[]> counts;

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
      this.context = context;
      this.counts = context.getStateStore("counts");
    }

    @Override
    public void process(Record<String, byte[]> record) {
      byte[] before = counts.get(record.key());
      double count = before == null ? 0 : ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN).getDouble(0);
      byte[] state = new byte[STATE_BYTES];
      ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, count + 1);
      counts.put(record.key(), state);
      byte[] output = new byte[OUTPUT_BYTES];
      System.arraycopy(state, 0, output, 0, STATE_BYTES);
      System.arraycopy(record.value(), 0, output, STATE_BYTES, OUTPUT_BYTES - STATE_BYTES);
      context.forward(record.withValue(output));
    }
  }

  private static final class RestoreLines implements StateRestoreListener {
    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
      say("restoring");
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long to, long count) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long count) {
      say("restored");
    }
  }
}
