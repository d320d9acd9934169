package io.kintsugi.connector.jdbc;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives constructors of tests a running server; each kind is started once and stopped after the last test. */
final class Servers implements ParameterResolver {
    private record Running(TestServer server) implements AutoCloseable {
        @Override
        public void close() {
            server.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TestServer.class.isAssignableFrom(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> kind = parameter.getParameter().getType();
        return context.getRoot()
                .getStore(Namespace.create(Servers.class))
                .getOrComputeIfAbsent(kind, any -> new Running(start(kind)), Running.class)
                .server();
    }

    private static TestServer start(Class<?> kind) {
        try {
            return kind == TestServer.PostgreSql.class ? new TestServer.PostgreSql() : new TestServer.MariaDb();
        } catch (Exception e) {
            throw new IllegalStateException("the database server for the tests does not start", e);
        }
    }
}
