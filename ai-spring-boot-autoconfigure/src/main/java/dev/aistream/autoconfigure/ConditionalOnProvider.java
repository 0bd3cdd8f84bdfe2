package dev.aistream.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if the properties ask for a provider: {@code ai.<name>.enabled} says so, or leaves it open and {@code
 * ai.provider} names it or one of its telling properties is set.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnProviderCondition.class)
@interface ConditionalOnProvider {

    /** Name of the provider, and of its properties below {@code ai.}. */
    String value();

    /** Properties of the provider that nobody sets who does not want it. */
    String[] properties() default {"api-key", "base-url"};
}
