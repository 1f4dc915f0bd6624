// Judges what stands between the data of a chunked body: sizes, extensions, the end (RFC 9112,
// section 7.1).
//
// The library's parser waits for more where nothing that may come can make it right, and lets line
// feeds and NUL pass in quotes, where another server may see the end of a line. Pure; any thread.
#pragma once

#include <string_view>

namespace yallchat {

// bytes: what came after the data of a chunk, or after the head, and was not taken by the parser.
// given: the parser had them. True when they can become no chunk's beginning and no body's end.
bool is_broken_chunk_framing(std::string_view bytes, bool given);

// Whether a chunk's extensions have what no line may have.
bool is_bad_chunk_extension(std::string_view extensions);

}  // namespace yallchat
