// What a team writes in an afternoon: each checkout is validated, sent to Kafka by a request of its own, and
// answered with 202 when all replicas have it.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"log"
	"net/http"
	"net/mail"
	"os"
	"regexp"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

const mostBytes = 64 << 10

type place struct {
	Direccion string `json:"direccion"`
	Ciudad    string `json:"ciudad"`
	Pais      string `json:"pais"`
}

type checkout struct {
	ID            string   `json:"id"`
	Nombre        string   `json:"nombre"`
	Apellido      string   `json:"apellido"`
	Edad          *int     `json:"edad"`
	Email         string   `json:"email"`
	Telefono      string   `json:"telefono"`
	Ubicacion     place    `json:"ubicacion"`
	Productovisto string   `json:"productovisto"`
	Taps          *float64 `json:"taps"`
	Folio         *string  `json:"folio"`
}

type accepted struct {
	EventID   string `json:"eventId"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
}

var (
	id    = regexp.MustCompile(`^[0-9a-f]{24}$`)
	folio = regexp.MustCompile(`^[A-Z]{3}-[0-9]{4}$`)
)

// faults returns the names of the fields that break a rule.
func (c checkout) faults() []string {
	_, badAddress := mail.ParseAddress(c.Email)
	rules := []struct {
		field string
		holds bool
	}{
		{"id", id.MatchString(c.ID)},
		{"nombre", c.Nombre != ""},
		{"apellido", c.Apellido != ""},
		{"edad", c.Edad != nil && *c.Edad >= 0 && *c.Edad <= 130},
		{"email", badAddress == nil},
		{"telefono", c.Telefono != ""},
		{"ubicacion", c.Ubicacion.Direccion != "" && c.Ubicacion.Ciudad != "" && c.Ubicacion.Pais != ""},
		{"productovisto", c.Productovisto != ""},
		{"taps", c.Taps == nil || *c.Taps >= 0},
		{"folio", c.Folio == nil || folio.MatchString(*c.Folio)},
	}
	var faults []string
	for _, rule := range rules {
		if !rule.holds {
			faults = append(faults, rule.field)
		}
	}
	return faults
}

func newEventID() string {
	var bytes [16]byte
	rand.Read(bytes[:])
	return hex.EncodeToString(bytes[:])
}

func accept(kafka *kgo.Client, topic string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var sent checkout
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBytes)).Decode(&sent); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if faults := sent.faults(); len(faults) > 0 {
			http.Error(w, "invalid: "+strings.Join(faults, ", "), http.StatusUnprocessableEntity)
			return
		}
		value, err := json.Marshal(sent)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		eventID := newEventID()
		record := &kgo.Record{
			Topic:   topic,
			Key:     []byte(sent.ID),
			Value:   value,
			Headers: []kgo.RecordHeader{{Key: "event-id", Value: []byte(eventID)}},
		}
		if err := kafka.ProduceSync(r.Context(), record).FirstErr(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		json.NewEncoder(w).Encode(accepted{eventID, record.Partition, record.Offset})
	}
}

func main() {
	// Idempotent, as is the default.
	kafka, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BROKERS"), ",")...),
		kgo.RequiredAcks(kgo.AllISRAcks()),
	)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /health/ready", func(w http.ResponseWriter, r *http.Request) {
		if err := kafka.Ping(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	http.HandleFunc("POST /checkout", accept(kafka, os.Getenv("DATA_TOPIC")))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
