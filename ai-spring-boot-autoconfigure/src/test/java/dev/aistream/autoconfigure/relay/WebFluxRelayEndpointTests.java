package dev.aistream.autoconfigure.relay;

import org.springframework.boot.WebApplicationType;

/** The endpoint on Reactor Netty. */
class WebFluxRelayEndpointTests extends RelayEndpointContract {

    WebFluxRelayEndpointTests() {
        super(WebApplicationType.REACTIVE);
    }
}
