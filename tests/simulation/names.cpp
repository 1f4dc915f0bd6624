#include "simulation/names.h"

#include <array>
#include <deque>
#include <string>

namespace yallchat::simulation {
namespace {

// The second, third and fifth are the first again; user1 and userl are two.
constexpr std::array users{"ringo", "Ringo",     "RINGO", "paul", "p\u0430ul",         "user1",
                           "userl", "jos\u00e9", "john",  "JOHN", "\u0437\u043e\u044f"};
constexpr std::array channels{"octopus", "Octopus", "squid", "caf\u00e9"};

template <class Name, class Make>
const Name& grown(std::deque<Name>& made, std::size_t number, const Make& make) {
  while (made.size() <= number) made.push_back(make(made.size()));
  return made[number];
}

}  // namespace

const UserName& user_name(std::size_t number) {
  static std::deque<UserName> made;
  return grown(made, number, [](std::size_t n) {
    return parse_user(n < users.size() ? users[n] : "member" + std::to_string(n)).value();
  });
}

const UserName& auditor_name(std::size_t number) {
  static std::deque<UserName> made;
  return grown(made, number,
               [](std::size_t n) { return parse_user("auditor" + std::to_string(n)).value(); });
}

const ChannelName& channel_name(std::size_t number) {
  static std::deque<ChannelName> made;
  return grown(made, number, [](std::size_t n) {
    return parse_channel(n < channels.size() ? channels[n] : "channel" + std::to_string(n)).value();
  });
}

}  // namespace yallchat::simulation
