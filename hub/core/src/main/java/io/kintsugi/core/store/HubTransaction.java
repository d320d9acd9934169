package io.kintsugi.core.store;

/** One transaction. Not thread-safe, and not valid after the work has returned. */
public interface HubTransaction {
    Records records();

    Blocks blocks();

    Links links();

    Goldens goldens();

    Merges merges();

    Reviews reviews();

    Outbox outbox();

    Journal journal();
}
