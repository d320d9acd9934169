package io.kintsugi.server.engine;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Compiles the engine with one fault in it, and lives histories until one shows the fault. */
final class Mutants {
    private static final List<Path> SOURCES = List.of(Path.of("../core/src/main/java"), Path.of("src/main/java"));

    /** Surefire hides the class path behind a jar of its own. */
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private Mutants() {}

    /**
     * Number of seeds until one violates an invariant that holds there without the fault; 0 if none of {@code most} does.
     *
     * @throws IllegalStateException if the place is not there any more, or the mutant does not compile
     */
    static long seedsUntilFound(Mutant mutant, long first, long most, int steps) throws IOException {
        var folder = Files.createTempDirectory("mutant");
        try (var loader = load(mutant, folder)) {
            var run = loader.loadClass(Simulations.class.getName())
                    .getDeclaredMethod("seedsUntilViolation", long.class, long.class, int.class);
            run.setAccessible(true);
            long tried = 0;
            while (true) {
                long seeds = (long) run.invoke(null, first + tried, most - tried, steps);
                if (seeds == 0) return 0;
                tried += seeds;
                boolean byTheFault = Simulations.seedsUntilViolation(first + tried - 1, 1, steps) == 0;
                if (byTheFault) return tried;
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(mutant.name(), e);
        } finally {
            delete(folder);
        }
    }

    /**
     * All of the hub and its tests, with the fault in it.
     *
     * @param folder to compile into; it must last as long as the loader
     * @throws IllegalStateException if the place is not there any more, or the mutant does not compile
     */
    static URLClassLoader load(Mutant mutant, Path folder) throws IOException {
        var file = folder.resolve(Path.of(mutant.file()).getFileName());
        Files.writeString(file, mutated(mutant));
        compile(mutant, file, folder);
        return new Mutated(folder);
    }

    /**
     * The source with the fault in it.
     *
     * @throws IllegalStateException if its place is not there, or there twice
     */
    static String mutated(Mutant mutant) throws IOException {
        var source = SOURCES.stream()
                .map(folder -> folder.resolve(mutant.file()))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(mutant.name() + ": there is no " + mutant.file()));
        var text = Files.readString(source);
        int at = text.indexOf(mutant.find());
        if (at < 0 || text.indexOf(mutant.find(), at + 1) >= 0) {
            throw new IllegalStateException(mutant.name() + ": its place in " + mutant.file()
                    + (at < 0 ? " is not there any more" : " is there twice"));
        }
        return text.replace(mutant.find(), mutant.replace());
    }

    private static void compile(Mutant mutant, Path file, Path folder) {
        var errors = new java.io.ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        CLASS_PATH,
                        "-d",
                        folder.toString(),
                        file.toString());
        if (result != 0) throw new IllegalStateException(mutant.name() + " does not compile: " + errors);
    }

    static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /** Loads all of the hub anew, and the mutated classes instead of the sound ones. */
    private static final class Mutated extends URLClassLoader {
        Mutated(Path folder) throws MalformedURLException {
            super(urls(folder), Mutants.class.getClassLoader());
        }

        private static URL[] urls(Path folder) throws MalformedURLException {
            var urls = new ArrayList<URL>();
            urls.add(folder.toUri().toURL());
            for (var entry : CLASS_PATH.split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.kintsugi.")) return super.loadClass(name, resolve);
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }

    /** Takes the largest number of seeds for each mutant, part of a name to try only some, and the first seed. */
    public static void main(String[] args) throws IOException {
        long most = Long.parseLong(args[0]);
        int found = 0;
        int tried = 0;
        for (var mutant : Mutant.ALL) {
            if (args.length > 1 && !mutant.name().contains(args[1])) continue;
            tried++;
            long begin = System.nanoTime();
            long first = args.length > 2 ? Long.parseLong(args[2]) : mutant.first();
            long seeds = seedsUntilFound(mutant, first, most, 40);
            if (seeds > 0) found++;
            System.out.printf(
                    "%6s  %s (%.0f s)%n",
                    seeds == 0 ? "-" : Long.toString(seeds), mutant.name(), (System.nanoTime() - begin) / 1e9);
        }
        System.out.println(found + " of " + tried + " found within " + most + " seeds each");
    }
}
