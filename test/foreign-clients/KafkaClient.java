import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes or reads records with Kafka's own client. Keys, values and values of headers are base64, or null.
 *
 * <pre>
 * usage: BROKERS produce TOPIC < batches   prints the partition and the offset of each record, a batch a line
 *        BROKERS read TOPIC COUNT …        prints so many committed records of each topic, from its beginning
 * </pre>
 */
class KafkaClient {
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        if (args[1].equals("read")) {
            for (int i = 2; i < args.length; i += 2) read(args[0], args[i], Integer.parseInt(args[i + 1]));
            return;
        }
        Scanner batches = new Scanner(System.in, "UTF-8");
        while (batches.hasNextLine()) {
            System.out.println(produce(args[0], args[2], JSON.readTree(batches.nextLine())));
        }
    }

    static ArrayNode produce(String brokers, String topic, JsonNode batch) throws Exception {
        String transaction = batch.get("transaction").asText(null);
        Map<String, Object> settings = new java.util.HashMap<>(Map.of(
                "bootstrap.servers", brokers,
                "compression.type", batch.get("codec").asText(),
                "linger.ms", 20));
        if (transaction != null) settings.put("transactional.id", UUID.randomUUID().toString());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            if (transaction != null) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            for (JsonNode record : batch.get("records")) sent.add(producer.send(toRecord(topic, record)));
            producer.flush();
            if ("commit".equals(transaction)) producer.commitTransaction();
            if ("abort".equals(transaction)) producer.abortTransaction();
        }
        ArrayNode positions = JSON.createArrayNode();
        for (var stored : sent) positions.addArray().add(stored.get().partition()).add(stored.get().offset());
        return positions;
    }

    static ProducerRecord<byte[], byte[]> toRecord(String topic, JsonNode given) {
        JsonNode partition = given.get("partition");
        JsonNode timestamp = given.get("timestamp");
        var record = new ProducerRecord<>(
                topic,
                partition.isNull() ? null : partition.asInt(),
                timestamp.isNull() ? null : timestamp.asLong(),
                decode(given.get("key")),
                decode(given.get("value")));
        for (JsonNode header : given.get("headers")) record.headers().add(header.get(0).asText(), decode(header.get(1)));
        return record;
    }

    static void read(String brokers, String topic, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", brokers,
                "group.id", UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest",
                "enable.auto.commit", false,
                "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            for (int left = count; left > 0; ) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) if (left-- > 0) System.out.println(show(record));
            }
        }
    }

    static ObjectNode show(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode shown = JSON.createObjectNode()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("key", record.key())
                .put("value", record.value());
        ArrayNode headers = shown.putArray("headers");
        for (Header header : record.headers()) headers.addArray().add(header.key()).add(header.value());
        return shown;
    }

    static byte[] decode(JsonNode text) {
        return text.isNull() ? null : Base64.getDecoder().decode(text.asText());
    }
}
