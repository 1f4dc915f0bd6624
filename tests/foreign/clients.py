"""All the clients, behind one interface:

    join(base_url, channel, user) -> bool
    directory() -> [names] | None
    poll()      -> None | ("MSG", seqnr, source, body) | ("DIR", [names])
    put(text)   -> bool
    leave()     -> bool
    close()

`status` is the last HTTP status, `session` the key, `put_seqnr` the number
which the answer to a put carried, if any.
"""
from .keep_alive import KeepAlive
from .naive_urllib import NaiveUrllib
from .odd_ones import (
    AbsoluteForm,
    EverySeqHeader,
    EverySeqPath,
    FormCurl,
    JsonPutObject,
    JsonPutString,
    LowerHeaders,
    MixedHeaders,
    PercentPath,
    RawUtf8Path,
    TrailingSlash,
    UpperHeaders,
)
from .raw_sockets import Chunked, Expecting, Http10

# These do only what the text says, in plain HTTP.
PLAIN = [
    NaiveUrllib, KeepAlive, Http10, Chunked, Expecting,
    FormCurl, LowerHeaders, UpperHeaders, MixedHeaders,
    TrailingSlash, AbsoluteForm, PercentPath, RawUtf8Path,
]  # fmt: skip

# These take the text to mean more than it says.
BACKLOG = [EverySeqPath, EverySeqHeader]
JSON_PUT = [JsonPutString, JsonPutObject]

ALL = PLAIN + BACKLOG + JSON_PUT
