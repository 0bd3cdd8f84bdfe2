package dev.aistream.contract;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.gemini.GeminiChatModel;
import dev.aistream.provider.gemini.GeminiOptions;
import dev.aistream.test.ChatModelContract;
import dev.aistream.test.WireFormat;

class GeminiChatModelContractTests extends ChatModelContract {

    @Override
    protected ChatModel model(ProviderHttpOptions options) {
        return new GeminiChatModel(
                GeminiOptions.builder().http(options).apiKey(API_KEY).build(), ContractClient.INSTANCE);
    }

    @Override
    protected WireFormat wire() {
        return new GenerateContentWire();
    }
}
