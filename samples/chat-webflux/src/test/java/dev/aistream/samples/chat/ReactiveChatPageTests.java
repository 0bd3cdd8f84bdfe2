package dev.aistream.samples.chat;

import dev.aistream.samples.page.ChatPageTests;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class ReactiveChatPageTests extends ChatPageTests {

    @Override
    protected ConfigurableApplicationContext start(String... arguments) {
        return SpringApplication.run(ChatApplication.class, arguments);
    }
}
