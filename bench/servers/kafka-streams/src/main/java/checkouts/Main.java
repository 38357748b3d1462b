package checkouts;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * What a team writes in an afternoon with Kafka Streams: each event is classified exactly once, and a store remembers
 * all of them. Configured by the environment variables of a processor.
 */
public final class Main {
  static final String EVENTS = "events";
  static final String NOTIFICATIONS = "notifications";
  static final String FOLLOW_UPS = "follow-ups";
  static final String DEAD_LETTERS = "dead-letters";

  public static void main(String[] args) throws Exception {
    var streams = new KafkaStreams(topology(), settings());
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();

    var health = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(setting("PORT"))), 0);
    health.createContext("/health/ready", exchange -> {
      exchange.sendResponseHeaders(streams.state() == KafkaStreams.State.RUNNING ? 200 : 503, -1);
      exchange.close();
    });
    health.start();
  }

  private static Properties settings() {
    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, setting("GROUP_ID"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, setting("KAFKA_BROKERS"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, setting("VIEW_FILE") + "-state");
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    return settings;
  }

  private static Topology topology() {
    var read = new ByteArrayDeserializer();
    var write = new ByteArraySerializer();
    var events =
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(EVENTS), Serdes.String(), Serdes.Long());
    var classify = "classify";
    return new Topology()
        .addSource("checkouts", read, read, setting("DATA_TOPIC"))
        .addProcessor(classify, ClassifyCheckouts::new, "checkouts")
        .addStateStore(events, classify)
        .addSink(NOTIFICATIONS, setting("NOTIFICATIONS_TOPIC"), write, write, classify)
        .addSink(FOLLOW_UPS, setting("FOLLOW_UP_TOPIC"), write, write, classify)
        .addSink(DEAD_LETTERS, setting("DEAD_LETTER_TOPIC"), write, write, classify);
  }

  private static String setting(String name) {
    var value = System.getenv(name);
    if (value == null) throw new IllegalStateException(name + " is not set");
    return value;
  }
}
