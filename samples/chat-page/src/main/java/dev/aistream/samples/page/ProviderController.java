package dev.aistream.samples.page;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells the page who answers, so that nobody takes simulated words for a model's. Serves both web stacks. */
@RestController
public class ProviderController {

    private final String provider;

    ProviderController(@Value("${ai.provider:openai}") String provider) {
        this.provider = provider;
    }

    @GetMapping("/provider")
    public Provider provider() {
        return new Provider(provider, provider.equals("simulated"));
    }

    /**
     * Who answers.
     *
     * @param provider name of the provider
     * @param simulated whether no model is asked at all
     */
    public record Provider(String provider, boolean simulated) {}
}
