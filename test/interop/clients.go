// Reads an event stream with one of Go's clients, and prints the event and the data of whatever it delivers.
//
// usage: clients CLIENT URL
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	launchdarkly "github.com/launchdarkly/eventsource"
	tmaxmax "github.com/tmaxmax/go-sse"
)

func deliver(event, data string) {
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"event": event, "data": data}); err != nil {
		log.Fatal(err)
	}
}

func readLaunchdarkly(url string) error {
	stream, err := launchdarkly.SubscribeWithURL(url,
		launchdarkly.StreamOptionErrorHandler(func(error) launchdarkly.StreamErrorHandlerResult {
			return launchdarkly.StreamErrorHandlerResult{}
		}))
	if err != nil {
		return err
	}
	for event := range stream.Events {
		deliver(event.Event(), event.Data())
	}
	return nil
}

func readTmaxmax(url string) error {
	request, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	client := tmaxmax.Client{Backoff: tmaxmax.Backoff{MaxRetries: 0, MaxInterval: 5 * time.Second}}
	connection := client.NewConnection(request)
	connection.SubscribeToAll(func(event tmaxmax.Event) { deliver(event.Type, event.Data) })
	return connection.Connect()
}

func main() {
	clients := map[string]func(string) error{
		"launchdarkly": readLaunchdarkly,
		"tmaxmax":      readTmaxmax,
	}
	log.Fatal(clients[os.Args[1]](os.Args[2]))
}
