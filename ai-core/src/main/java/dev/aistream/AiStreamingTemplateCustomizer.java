package dev.aistream;

/** Has the last word on the {@link AiStreamingTemplate} that Spring Boot configures: declare it as a bean. */
@FunctionalInterface
public interface AiStreamingTemplateCustomizer {

    /**
     * Changes the template before it is built.
     * @param builder holds what the properties and the beans gave
     */
    void customize(AiStreamingTemplate.Builder builder);
}
