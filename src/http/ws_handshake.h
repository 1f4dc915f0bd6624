// The handshake of a WebSocket (RFC 6455, section 4.2): whether a request asks for one, and the
// answer, which is 101 or says what was wrong.
//
// No extension is agreed on and no subprotocol chosen, whatever the client offers. Pure; any
// thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/answer.h"
#include "http/request.h"

namespace yallchat::ws {

// Whether the request is to be answered by handshake(): a GET in HTTP/1.1 whose Upgrade names
// websocket. Upgrade in HTTP/1.0, or to anything else, is ignored (RFC 9110, section 7.8).
bool is_asked_for(const Request& request);

// request: one for which is_asked_for(). allowed: the origins of the setting cors_origins. The
// answer's status is 101, then frames follow its head in both directions; or 400 (bad-upgrade,
// bad-websocket-key), 426 (websocket-version) or 403 (foreign-origin), then the connection goes on
// in HTTP.
Answer handshake(const Request& request, std::span<const std::string> allowed);

// Whether a page of that origin (RFC 6454) may open a WebSocket at this host, the value of Host:
// when it comes from there, over http or https, or is a member of allowed, exactly. What sends no
// Origin is no browser and not asked for one.
bool is_allowed_origin(std::string_view origin, std::string_view host,
                       std::span<const std::string> allowed);

// The Sec-WebSocket-Accept for a Sec-WebSocket-Key (section 4.2.2).
std::string accept_of(std::string_view key);

}  // namespace yallchat::ws
