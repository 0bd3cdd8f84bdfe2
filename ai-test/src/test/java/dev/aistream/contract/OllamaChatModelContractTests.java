package dev.aistream.contract;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.ollama.OllamaChatModel;
import dev.aistream.provider.ollama.OllamaOptions;
import dev.aistream.test.ChatModelContract;
import dev.aistream.test.WireFormat;

class OllamaChatModelContractTests extends ChatModelContract {

    @Override
    protected ChatModel model(ProviderHttpOptions options) {
        return new OllamaChatModel(
                OllamaOptions.builder().http(options).apiKey(API_KEY).build(), ContractClient.INSTANCE);
    }

    @Override
    protected WireFormat wire() {
        return new JsonLinesWire();
    }
}
