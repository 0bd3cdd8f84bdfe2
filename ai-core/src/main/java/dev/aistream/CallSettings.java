package dev.aistream;

import org.springframework.util.unit.DataSize;

/** What all calls of a template share. */
record CallSettings(DataSize maxKeptText, Listeners listeners, ActiveCalls activeCalls) {}
