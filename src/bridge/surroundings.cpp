#include "bridge/surroundings.h"

#include "client/outbox.h"

namespace yallchat {
namespace {

constexpr const char* secret_file = "secret";

}  // namespace

Result<void> BridgeState::load(Random& random) {
  if (!directory) return {};
  const auto known = directory->read(secret_file);
  if (!known) return known.error();
  secret = known->value_or("");
  if (!secret.empty()) return {};
  secret = new_idempotency_key(random);
  return directory->write(secret_file, secret);
}

}  // namespace yallchat
