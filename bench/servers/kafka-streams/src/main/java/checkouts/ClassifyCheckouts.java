package checkouts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/** Writes one outcome for each event; its store has the offset of the record of each event. */
final class ClassifyCheckouts implements Processor<byte[], byte[], byte[], byte[]> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EVENT_ID_BYTES = 16;

  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<String, Long> events;

  @Override
  public void init(ProcessorContext<byte[], byte[]> given) {
    context = given;
    events = given.getStateStore(Main.EVENTS);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    var source = context.recordMetadata().orElseThrow();
    try {
      var checkout = Checkout.parse(record.value());
      var eventId = text(record.headers(), "event-id");
      write(record, source, eventId == null ? hash(record.value()) : eventId, checkout);
    } catch (InvalidCheckoutException error) {
      var eventId = "%s-p%d-o%d".formatted(hash(record.value()), source.partition(), source.offset());
      write(record, source, eventId, null);
      var headers = new RecordHeaders(record.headers());
      headers.add("reason", error.getMessage().getBytes(UTF_8));
      context.forward(record.withHeaders(headers), Main.DEAD_LETTERS);
    }
  }

  /** Unless the event has its outcome already. */
  private void write(Record<byte[], byte[]> record, RecordMetadata source, String eventId, Checkout checkout) {
    if (events.putIfAbsent(eventId, source.offset()) != null) return;
    var kind = checkout == null ? "invalid" : checkout.kind();
    var outcome = new Record<>(
        eventId.getBytes(UTF_8), json(record, source, eventId, kind, checkout), record.timestamp());
    context.forward(outcome, Main.NOTIFICATIONS);
    if (kind.equals("slow") || kind.equals("unverified")) context.forward(outcome, Main.FOLLOW_UPS);
  }

  private static byte[] json(
      Record<byte[], byte[]> record, RecordMetadata source, String eventId, String kind, Checkout checkout) {
    var receivedAt = text(record.headers(), "received-at");
    var outcome = JSON.createObjectNode();
    outcome.put("eventId", eventId);
    outcome.put("kind", kind);
    outcome.put("message", Messages.messageFor(kind, checkout));
    outcome.set("checkout", checkout == null ? null : checkout.fields());
    outcome.put("receivedAt", receivedAt == null ? Instant.ofEpochMilli(record.timestamp()).toString() : receivedAt);
    outcome.put("classifiedAt", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    outcome.putObject("source").put("partition", source.partition()).put("offset", source.offset());
    if (checkout != null && !checkout.faults().isEmpty())
      checkout.faults().forEach(outcome.putArray("faults")::add);
    try {
      return JSON.writeValueAsBytes(outcome);
    } catch (JsonProcessingException error) {
      throw new IllegalStateException(error);
    }
  }

  private static String text(Headers headers, String name) {
    var header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  private static String hash(byte[] value) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(value == null ? new byte[0] : value);
      return HexFormat.of().formatHex(digest, 0, EVENT_ID_BYTES);
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }
}
