package dev.aistream.autoconfigure;

import dev.aistream.CallPolicy;
import java.util.Map;

/** Properties that say how often and how long the template tries providers. */
public interface CallPolicies {

    /** By the provider's name. */
    Map<String, CallPolicy> callPolicies();
}
