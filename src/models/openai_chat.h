// The chat completions API of OpenAI, as it is spoken by OpenAI, Azure, vLLM, the llama.cpp server,
// Ollama, LM Studio, LocalAI, Mistral and others.
// https://platform.openai.com/docs/api-reference/chat
#pragma once

#include "models/chat.h"

namespace countersign {

const ChatProtocol& openai_chat();
ModelKind openai_chat_kind();

}  // namespace countersign
