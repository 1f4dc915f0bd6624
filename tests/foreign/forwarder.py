"""What may stand between a client and a server: it passes bytes on, or does not."""

import socket
import threading


class Forwarder:
    """With eats_streams, nothing of an answer to a request for NDJSON comes through."""

    def __init__(self, address, eats_streams=False):
        self._target = address
        self._eats_streams = eats_streams
        self._lock = threading.Lock()
        self._down = False
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """All connections break, and new ones too, until restore()."""
        with self._lock:
            self._down = True
            for connection in self._open:
                self._end(connection)

    def restore(self, address=None):
        """address: where it leads to from now on, if not to where it did."""
        with self._lock:
            self._down = False
            self._target = address or self._target

    def close(self):
        self._end(self._listener)
        self.cut()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            try:
                server = socket.create_connection(self._target)
            except OSError:
                return
            with server:
                with self._lock:
                    if self._down:
                        return
                    self._open |= {client, server}
                eaten = threading.Event()
                back = threading.Thread(target=self._pass_on, args=(server, client, eaten), daemon=True)
                back.start()
                self._pass_on(client, server, eaten)
                back.join()
                with self._lock:
                    self._open -= {client, server}

    def _pass_on(self, source, to, eaten):
        try:
            while data := source.recv(65536):
                if self._eats_streams and b"application/x-ndjson" in data:
                    eaten.set()
                if not eaten.is_set() or source.getpeername() != self._target:
                    to.sendall(data)
        except OSError:
            pass
        self._end(source)
        self._end(to)

    @staticmethod
    def _end(connection):
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended already
