package io.kintsugi.core.store;

/** One transaction; reads what it wrote. Not thread-safe, and not valid after the work has returned: then it throws {@link IllegalStateException}. */
public interface HubTransaction {
    Records records();

    Blocks blocks();

    Links links();

    References references();

    Goldens goldens();

    Merges merges();

    Reviews reviews();

    Outbox outbox();

    Deletions deletions();

    Erasures erasures();

    Journal journal();
}
