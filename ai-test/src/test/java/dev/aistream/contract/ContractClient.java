package dev.aistream.contract;

import dev.aistream.provider.ProviderConnector;
import dev.aistream.provider.ProviderHttpClient;
import org.springframework.web.reactive.function.client.WebClient;

/** One client on default settings for all contract tests. */
final class ContractClient {

    static final ProviderHttpClient INSTANCE = ProviderHttpClient.create(
            WebClient.builder(), ProviderConnector.create().connector());

    private ContractClient() {}
}
