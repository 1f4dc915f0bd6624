// Every bound of the system, in one file, with the relations between them checked by the compiler.
//
// Constants here are the defaults or the hard bounds. What an operator may want to change is a
// setting of the same name (server/config.h) and arrives at its user in an options struct.
#pragma once

#include <cstddef>
#include <cstdint>

namespace yallchat::limits {

inline constexpr std::size_t KiB = 1024;
inline constexpr std::size_t MiB = 1024 * KiB;

// --- Names (code points after NFC) ---
inline constexpr std::size_t user_code_points = 32;
inline constexpr std::size_t channel_code_points = 64;

// --- One request ---
inline constexpr std::size_t head_bytes = 16 * KiB;
inline constexpr std::size_t head_fields = 64;
inline constexpr std::size_t target_bytes = 4 * KiB;
inline constexpr std::size_t max_message = 16 * KiB;           // default; a body in bytes
inline constexpr std::size_t max_message_ceiling = 512 * KiB;  // what the setting may be raised to
inline constexpr std::size_t chunk_framing_bytes = 1 * KiB;    // between the data of two chunks
inline constexpr std::size_t json_depth = 8;
inline constexpr std::size_t idempotency_key_bytes = 255;
inline constexpr std::size_t origin_bytes = 1 * KiB;
inline constexpr std::int64_t head_timeout_ms = 10'000;
inline constexpr std::int64_t body_timeout_ms = 30'000;
inline constexpr std::int64_t idle_timeout_ms = 60'000;
inline constexpr std::int64_t drain_timeout_ms = 1'000;
inline constexpr std::size_t drain_bytes = 64 * KiB;

// --- One connection, one session ---
inline constexpr std::size_t read_buffer_bytes = 64 * KiB;
inline constexpr std::size_t pipelined_requests = 64;
inline constexpr std::size_t requests_a_turn = 64;  // frames, too; then others have theirs
inline constexpr std::size_t unsent_answer_bytes = 1 * MiB;
inline constexpr std::size_t polls_waiting_a_session = 16;
inline constexpr std::size_t positions_remembered_a_session = 16;

// --- A WebSocket ---
// Of a message, where a text may have max_message bytes: in JSON each of them may be \u00XX.
constexpr std::size_t websocket_message_bytes(std::size_t text_bytes) {
  return text_bytes * 6 + 4 * KiB;
}
inline constexpr std::size_t ref_bytes = 64;  // of a client's own number or string

// --- The server; 0 is "no limit" where a setting allows it ---
inline constexpr std::uint64_t max_channels = 10'000;
inline constexpr std::uint64_t max_sessions = 100'000;
inline constexpr std::uint64_t connections_an_address = 64;
inline constexpr std::uint64_t reserved_files = 32;    // log, store, listeners: not for connections
inline constexpr std::uint64_t admin_connections = 8;  // over the admin socket, beside the others
inline constexpr std::uint64_t joins_an_address_a_second = 5;
inline constexpr std::uint64_t posts_a_session_a_second = 10;
inline constexpr std::uint64_t posts_a_session_burst = 60;
inline constexpr std::uint64_t rate_limited_addresses = 100'000;
inline constexpr std::uint64_t rate_limited_sessions = 1'000'000;
inline constexpr std::int64_t session_timeout_ms = 60'000;
inline constexpr std::int64_t timeout_floor_ms = 1'000;

// --- History and idempotency, a channel ---
inline constexpr std::uint64_t history_floor =
    1'000;  // the protocol: at least the last 1000 messages
inline constexpr std::int64_t history_age_ms_ceiling = 36'500LL * 24 * 3'600'000;  // a century
inline constexpr std::uint64_t keyed_posts_floor = 1'000;
inline constexpr std::uint64_t keyed_posts_ticks = 24 * 3600;
inline constexpr std::uint64_t keyed_posts_beyond_floor = 500'000;  // of all channels: about 64 MiB

// --- The log ---
inline constexpr std::size_t entry_bytes = 1 * MiB;  // one entry, encoded: also etcd's bound
inline constexpr std::size_t entry_commands = 4'096;
inline constexpr std::size_t segment_bytes = 8 * MiB;
inline constexpr std::size_t pending_command_bytes = 16 * MiB;  // submitted, not yet appended

// --- Applied, not yet stored ---
inline constexpr std::size_t unstored_bytes = 64 * MiB;  // at the bound the replica takes no more
inline constexpr std::size_t unstored_bytes_refuse = unstored_bytes / 2;  // from here posts get 503
inline constexpr std::size_t recent_bytes = 32 * MiB;  // recent messages kept though stored
inline constexpr std::size_t history_page_messages = 64;
inline constexpr std::size_t history_page_bytes = 256 * KiB;
inline constexpr std::size_t history_pages_bytes = 8 * MiB;  // pages of the store kept by the hub

// --- Streams ---
inline constexpr std::size_t streams_a_session = 16;
inline constexpr std::size_t streams_a_turn = 512;  // that are sent to; then others have their turn
inline constexpr std::size_t feed_bytes = 256 * KiB;   // live events of a channel, in one encoding
inline constexpr std::size_t catch_up_messages = 256;  // read from history at once, for one stream
inline constexpr std::size_t catch_up_bytes = 64 * KiB;
inline constexpr std::size_t held_directory_bytes =
    32 * MiB;  // that readers are in the middle of; but one at least
inline constexpr std::int64_t wait_ms_ceiling = 60'000;  // of a long poll
inline constexpr std::size_t batch_messages = 1'000;
inline constexpr std::size_t batch_bytes = 1 * MiB;
inline constexpr std::size_t web_socket_channels = 64;     // open on one
inline constexpr std::int64_t stream_silence_ms = 15'000;  // then a sign of life is sent
inline constexpr std::int64_t stream_stalled_ms = 40'000;  // a reader that takes nothing
inline constexpr std::int64_t stream_ending_ms = 800;      // a stream's end must be taken in

// --- The store ---
inline constexpr std::size_t chunk_messages = 64;            // of one channel in one row of history
inline constexpr std::size_t chunk_bytes = 64 * KiB;         // but at least one message
inline constexpr std::size_t chunks_deleted_a_step = 1'024;  // below floors, in one transaction
inline constexpr std::size_t floor_chunks_a_look = 128;      // whose times are read at once
inline constexpr std::size_t floor_looks_at_once = 8;        // asked of the store, not yet answered

// --- Search ---
inline constexpr std::size_t searches_waiting = 64;  // asked, not yet answered
inline constexpr std::size_t search_terms = 32;      // words and phrases of a query
inline constexpr std::size_t search_tokens = 16;     // of them that the index is asked for
inline constexpr std::size_t search_results = 100;   // of one answer
inline constexpr std::size_t search_result_bytes =
    1 * MiB;  // of their bodies and hits, but at least one result
inline constexpr std::int64_t search_budget_ms = 30;  // then an answer says where to go on
inline constexpr std::size_t search_document_messages =
    4;  // of a chunk: what the index tells apart
inline constexpr std::size_t search_batch_bytes = 4 * MiB;  // of chunks, indexed in one transaction
inline constexpr std::size_t search_generation_bytes = 128 * MiB;  // of chunks in one index
inline constexpr std::int64_t search_interval_ms = 100;            // between transactions

// --- The client ---
inline constexpr std::size_t client_head_bytes = 64 * KiB;    // of one answer, from any server
inline constexpr std::size_t client_answer_bytes = 16 * MiB;  // a directory of max_sessions names
inline constexpr std::int64_t client_connect_timeout_ms = 10'000;
inline constexpr std::int64_t client_request_timeout_ms = 30'000;
inline constexpr std::int64_t client_poll_timeout_ms =
    70'000;  // some servers hold a poll for a minute
inline constexpr std::int64_t client_leave_timeout_ms = 2'000;
inline constexpr std::int64_t client_own_seen_timeout_ms = 5'000;
inline constexpr std::int64_t client_stream_first_ms = 5'000;     // for the first byte of a stream
inline constexpr std::int64_t client_stream_silence_ms = 40'000;  // the server fills it each 15 s
inline constexpr std::int64_t client_stream_tries_ms = 10'000;    // of a stream that breaks again
inline constexpr std::int64_t client_stream_pause_ms = 300'000;   // polling instead of a stream
inline constexpr std::size_t client_search_hits = 10'000;         // printed of one search
inline constexpr std::size_t client_search_page = 100;            // asked for at once
inline constexpr std::uint64_t client_retry_after_seconds = 3'600;
inline constexpr std::size_t client_queued_lines = 16;
inline constexpr std::size_t client_line_bytes = 1 * MiB;  // of input; servers allow less
inline constexpr std::size_t client_unseen_messages =
    1'024;  // own, acknowledged, not yet read back
inline constexpr std::size_t client_remembered_events = 1'024;  // to know a repeated one

// --- The full screen ---
inline constexpr std::size_t cluster_code_points = 16;         // shown of one character
inline constexpr std::size_t screen_entries = 10'000;          // kept of a channel, to scroll back
inline constexpr std::size_t screen_bytes = 16 * MiB;          // of their texts
inline constexpr std::size_t screen_message_bytes = 32 * KiB;  // shown of one message
inline constexpr std::size_t screen_message_rows = 200;
inline constexpr std::size_t screen_history_page = 100;  // messages, when scrolling back
inline constexpr std::size_t screen_own_lines = 256;     // not acknowledged, of a channel
inline constexpr std::size_t screen_taken_lines = 4;     // of them acknowledged, not read back
inline constexpr std::size_t screen_channels = 64;       // open at once
inline constexpr std::size_t screen_typed_lines = 500;   // that the arrow keys bring back
inline constexpr std::size_t screen_hits = 20;           // of one search
inline constexpr std::size_t screen_listed = 200;        // channels, of one list
inline constexpr std::size_t screen_key_bytes = 64;      // of one key's sequence
inline constexpr std::int64_t screen_escape_ms = 50;     // then ESC was a key of its own
inline constexpr std::int64_t screen_stall_ms = 1'000;   // of the terminal, when it is put back

// --- The bridge ---
inline constexpr std::size_t bridge_label_bytes = 64;     // percent-encoded
inline constexpr std::size_t bridge_puppets = 200;        // on one server
inline constexpr std::size_t bridge_own_names = 20;       // bridge, bridge-2, ... that are tried
inline constexpr std::size_t bridge_channels = 1'000;     // that servers may list
inline constexpr std::size_t bridge_first_list = 20'000;  // channels of a list that is kept
inline constexpr std::size_t bridge_streams = 40;         // on one server; what is more is polled
inline constexpr std::size_t bridge_connections = 60;     // with one server
inline constexpr std::size_t bridge_messages =
    1'024;  // read and not yet carried, one way: what a server keeps
inline constexpr std::size_t bridge_bytes = 16 * MiB;  // of them; then they are read again later
inline constexpr std::size_t bridge_all_bytes = 256 * MiB;  // of all ways; each may have the least
inline constexpr std::size_t bridge_least_bytes = 256 * KiB;
inline constexpr std::size_t bridge_remembered = 4'096;  // seen, brought by other bridges
inline constexpr std::size_t bridge_unread = 1'024;      // carried, not yet read back
inline constexpr std::int64_t bridge_stay_ms = 10'000;   // a puppet shows that it is there
inline constexpr std::int64_t bridge_linger_ms = 5'000;  // of a puppet that was only to speak
inline constexpr std::int64_t bridge_again_ms = 60'000;  // until a name that was refused is tried
inline constexpr std::int64_t bridge_list_ms = 10'000;   // between looks at a server's channels
inline constexpr std::int64_t bridge_check_again_ms = 1'000;  // whether a channel is the same
inline constexpr int bridge_checks = 5;                       // of these in vain in a row
inline constexpr std::int64_t bridge_other_way_ms = 5'000;    // that a shorter way gets to bring it

static_assert(max_message <= max_message_ceiling);
static_assert(max_message_ceiling + 4 * KiB < entry_bytes, "the largest message fits one entry");
static_assert(entry_bytes * 4 <= segment_bytes, "a segment holds several entries");
static_assert(pending_command_bytes >= entry_bytes);
static_assert(unstored_bytes_refuse + pending_command_bytes + entry_bytes <= unstored_bytes,
              "what was taken before posts are refused still fits below the bound");
static_assert(catch_up_bytes <= feed_bytes);
static_assert(batch_bytes <= unsent_answer_bytes);
static_assert(stream_silence_ms < stream_stalled_ms);
static_assert(history_page_messages <= chunk_messages, "a page is read from few rows");
static_assert(chunk_messages % search_document_messages == 0, "documents do not cross chunks");
static_assert(head_bytes + read_buffer_bytes <= unsent_answer_bytes);
static_assert(target_bytes <= head_bytes);
static_assert(pipelined_requests <= requests_a_turn, "what is pipelined fits one entry of the log");
static_assert(max_message_ceiling <= client_line_bytes, "what the server takes can be typed");
static_assert(head_bytes <= client_head_bytes);
static_assert(screen_hits <= client_search_page, "a search beside the chat asks for one page");
static_assert(screen_history_page < screen_entries);

}  // namespace yallchat::limits
