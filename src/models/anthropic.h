// The messages API of Anthropic; the answer comes as the input of a tool.
// https://docs.anthropic.com/en/api/messages
#pragma once

#include "models/chat.h"

namespace countersign {

const ChatProtocol& anthropic_messages();
ModelKind anthropic_kind();

}  // namespace countersign
