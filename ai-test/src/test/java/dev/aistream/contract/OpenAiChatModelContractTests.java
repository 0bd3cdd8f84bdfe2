package dev.aistream.contract;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.openai.OpenAiChatModel;
import dev.aistream.provider.openai.OpenAiOptions;
import dev.aistream.test.ChatModelContract;
import dev.aistream.test.WireFormat;

class OpenAiChatModelContractTests extends ChatModelContract {

    @Override
    protected ChatModel model(ProviderHttpOptions options) {
        return new OpenAiChatModel(
                OpenAiOptions.builder().http(options).apiKey(API_KEY).build(), ContractClient.INSTANCE);
    }

    @Override
    protected WireFormat wire() {
        return new ChatCompletionsWire();
    }
}
