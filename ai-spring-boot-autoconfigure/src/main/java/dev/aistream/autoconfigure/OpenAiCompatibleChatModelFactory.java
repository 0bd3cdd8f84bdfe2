package dev.aistream.autoconfigure;

import dev.aistream.autoconfigure.OpenAiCompatibleProperties.Server;
import dev.aistream.provider.ApiKeySupplier;
import dev.aistream.provider.ProviderHttpClient;
import dev.aistream.provider.openai.OpenAiChatModel;
import java.net.URI;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;

/** Makes the bean of one server from its properties, or from what is known of it. */
final class OpenAiCompatibleChatModelFactory {

    private final OpenAiCompatibleProperties properties;
    private final ObjectProvider<ApiKeySupplier> keys;
    private final ProviderHttpClient client;

    OpenAiCompatibleChatModelFactory(
            OpenAiCompatibleProperties properties, ObjectProvider<ApiKeySupplier> keys, ProviderHttpClient client) {
        this.properties = properties;
        this.keys = keys;
        this.client = client;
    }

    /** Called for each bean that {@link OpenAiCompatibleRegistrar} defines. */
    OpenAiChatModel create(String provider) {
        Server server = properties.server(provider);
        OpenAiCompatiblePreset preset = OpenAiCompatiblePreset.of(provider).orElse(null);
        boolean needsKey = server.baseUrl() == null && preset != null && preset.needsKey();
        ApiKeySupplier key = ApiKeys.of(
                provider, OpenAiCompatibleProperties.PREFIX + "." + provider, server.apiKey(), needsKey, keys);
        URI url = server.baseUrl() != null
                ? server.baseUrl()
                : Objects.requireNonNull(preset).baseUrl();
        return new OpenAiChatModel(server.toOptions(provider, url, preset, key), client);
    }
}
