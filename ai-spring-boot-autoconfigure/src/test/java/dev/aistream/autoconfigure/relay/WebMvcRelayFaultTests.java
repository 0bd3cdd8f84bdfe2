package dev.aistream.autoconfigure.relay;

import org.springframework.boot.WebApplicationType;

/** The endpoint on Tomcat. */
class WebMvcRelayFaultTests extends RelayFaultContract {

    WebMvcRelayFaultTests() {
        super(WebApplicationType.SERVLET);
    }
}
