"""The base protocol, checked sentence by sentence over HTTP. See README.md."""
