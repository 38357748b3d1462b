// Writes or reads records with franz-go. Keys, values and values of headers are base64, or null.
//
// usage: kafka BROKERS produce TOPIC < batches   prints the partition and the offset of each record, a batch a line
//
//	kafka BROKERS read TOPIC COUNT …        prints so many committed records of each topic, from its beginning
package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type header struct {
	name  string
	value []byte
}

// As an array of both.
func (h *header) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&h.name, &h.value})
}

func (h header) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{h.name, h.value})
}

type record struct {
	Topic     string   `json:"topic"`
	Partition *int32   `json:"partition"`
	Offset    int64    `json:"offset"`
	Timestamp *int64   `json:"timestamp"`
	Key       []byte   `json:"key"`
	Value     []byte   `json:"value"`
	Headers   []header `json:"headers"`
}

type batch struct {
	Codec       string
	Transaction string
	Records     []record
}

var codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

// Records keep the partition that they name; of the others the default of Kafka's own client chooses it.
var partitioner = kgo.BasicConsistentPartitioner(func(topic string) func(*kgo.Record, int) int {
	byDefault := kgo.StickyKeyPartitioner(nil).ForTopic(topic)
	return func(r *kgo.Record, n int) int {
		if r.Partition >= 0 {
			return int(r.Partition)
		}
		return byDefault.Partition(r, n)
	}
})

func toRecord(given record) *kgo.Record {
	made := &kgo.Record{Key: given.Key, Value: given.Value, Partition: -1}
	if given.Partition != nil {
		made.Partition = *given.Partition
	}
	if given.Timestamp != nil {
		made.Timestamp = time.UnixMilli(*given.Timestamp)
	}
	for _, h := range given.Headers {
		made.Headers = append(made.Headers, kgo.RecordHeader{Key: h.name, Value: h.value})
	}
	return made
}

func produce(ctx context.Context, brokers []string, topic string, given batch) ([][2]int64, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(brokers...),
		kgo.DefaultProduceTopic(topic),
		kgo.ProducerBatchCompression(codecs[given.Codec]),
		kgo.ProducerLinger(20 * time.Millisecond),
		kgo.RecordPartitioner(partitioner),
	}
	if given.Transaction != "" {
		options = append(options, kgo.TransactionalID(rand.Text()))
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	if given.Transaction != "" {
		if err := client.BeginTransaction(); err != nil {
			return nil, err
		}
	}
	records := make([]*kgo.Record, len(given.Records))
	for i, r := range given.Records {
		records[i] = toRecord(r)
	}
	if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return nil, err
	}
	if given.Transaction != "" {
		if err := client.EndTransaction(ctx, kgo.TransactionEndTry(given.Transaction == "commit")); err != nil {
			return nil, err
		}
	}
	stored := make([][2]int64, len(records))
	for i, r := range records {
		stored[i] = [2]int64{int64(r.Partition), r.Offset}
	}
	return stored, nil
}

func read(ctx context.Context, brokers []string, topic string, count int, show *json.Encoder) error {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(brokers...),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	for left := count; left > 0; {
		fetches := client.PollRecords(ctx, left)
		if err := fetches.Err(); err != nil {
			return err
		}
		for _, r := range fetches.Records() {
			shown := record{Topic: topic, Partition: &r.Partition, Offset: r.Offset, Key: r.Key, Value: r.Value, Headers: []header{}}
			for _, h := range r.Headers {
				shown.Headers = append(shown.Headers, header{h.Key, h.Value})
			}
			if err := show.Encode(shown); err != nil {
				return err
			}
			left--
		}
	}
	return nil
}

func run() error {
	ctx, show := context.Background(), json.NewEncoder(os.Stdout)
	brokers, command, topics := strings.Split(os.Args[1], ","), os.Args[2], os.Args[3:]
	if command == "read" {
		for ; len(topics) >= 2; topics = topics[2:] {
			count, err := strconv.Atoi(topics[1])
			if err != nil {
				return err
			}
			if err := read(ctx, brokers, topics[0], count, show); err != nil {
				return err
			}
		}
		return nil
	}
	batches := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var given batch
		if err := batches.Decode(&given); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		stored, err := produce(ctx, brokers, topics[0], given)
		if err != nil {
			return err
		}
		if err := show.Encode(stored); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
