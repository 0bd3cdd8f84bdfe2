package dev.aistream.contract;

import dev.aistream.chat.ChatModel;
import dev.aistream.provider.ProviderHttpOptions;
import dev.aistream.provider.responses.OpenAiResponsesChatModel;
import dev.aistream.provider.responses.OpenAiResponsesOptions;
import dev.aistream.test.ChatModelContract;
import dev.aistream.test.WireFormat;

class OpenAiResponsesChatModelContractTests extends ChatModelContract {

    @Override
    protected ChatModel model(ProviderHttpOptions options) {
        return new OpenAiResponsesChatModel(
                OpenAiResponsesOptions.builder().http(options).apiKey(API_KEY).build(), ContractClient.INSTANCE);
    }

    @Override
    protected WireFormat wire() {
        return new ResponsesWire();
    }
}
