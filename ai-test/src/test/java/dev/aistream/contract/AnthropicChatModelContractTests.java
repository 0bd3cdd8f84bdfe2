package dev.aistream.contract;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.anthropic.AnthropicChatModel;
import dev.aistream.provider.anthropic.AnthropicOptions;
import dev.aistream.test.ChatModelContract;
import dev.aistream.test.WireFormat;

class AnthropicChatModelContractTests extends ChatModelContract {

    @Override
    protected ChatModel model(ProviderHttpOptions options) {
        return new AnthropicChatModel(
                AnthropicOptions.builder().http(options).apiKey(API_KEY).build(), ContractClient.INSTANCE);
    }

    @Override
    protected WireFormat wire() {
        return new MessagesWire();
    }
}
