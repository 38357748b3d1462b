"""Reads an event stream with one of Python's clients, and prints the event and the data of whatever it delivers.

usage: clients.py CLIENT URL
"""

import json
import sys
import time

import httpx
import requests
from httpx_sse import connect_sse
from requests_sse import EventSource
from sseclient import SSEClient


def deliver(event, data):
    print(json.dumps({"event": event, "data": data}), flush=True)


def requests_sse(url):
    """It reconnects and resumes by itself, within one `with` until it has failed five times in a row."""
    last_id = None
    while True:
        try:
            with EventSource(url, headers={"Last-Event-ID": last_id} if last_id else {}) as source:
                for event in source:
                    last_id = event.last_event_id or last_id
                    deliver(event.type, event.data)
        except (requests.RequestException, ConnectionError):
            time.sleep(1)


def sseclient_py(url):
    """It parses one answer; connecting is the user's part."""
    last_id = None
    while True:
        try:
            headers = {"Accept": "text/event-stream"}
            if last_id:
                headers["Last-Event-ID"] = last_id
            for event in SSEClient(requests.get(url, stream=True, headers=headers)).events():
                last_id = event.id or last_id
                deliver(event.event, event.data)
        except requests.RequestException:
            time.sleep(1)


def httpx_sse(url):
    """It parses one answer; connecting again is the user's part."""
    last_id = None
    with httpx.Client(timeout=None) as client:
        while True:
            try:
                headers = {"Last-Event-ID": last_id} if last_id else {}
                with connect_sse(client, "GET", url, headers=headers) as source:
                    for event in source.iter_sse():
                        last_id = event.id or last_id
                        deliver(event.event, event.data)
            except httpx.TransportError:
                time.sleep(1)


CLIENTS = {"requests-sse": requests_sse, "sseclient-py": sseclient_py, "httpx-sse": httpx_sse}
CLIENTS[sys.argv[1]](sys.argv[2])
