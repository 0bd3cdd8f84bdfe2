package dev.aistream.autoconfigure.relay;

import org.springframework.boot.WebApplicationType;

/** The endpoint on Tomcat. */
class WebMvcRelayEndpointTests extends RelayEndpointContract {

    WebMvcRelayEndpointTests() {
        super(WebApplicationType.SERVLET);
    }
}
