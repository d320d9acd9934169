package io.kintsugi.server.demo;

import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.api.HubApi;
import io.kintsugi.server.cli.HubClient;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The {@link Story} over a hub that keeps everything in memory, served with its API and pages; act after act. */
final class ToldStory implements AutoCloseable {
    final StoryClock clock = new StoryClock();
    final StoryWorld world = new StoryWorld(clock);
    final StringWriter told = new StringWriter();
    final String address;
    final HubClient http;
    final StoryTime time;
    private final Hub hub;
    private final HubApi api;
    private final List<Story.Act> acts;
    private int played;

    ToldStory(Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("story.yaml"), StoryTeller.configuration(folder));
        var settings = Settings.read(file, Map.of());
        var store = new MemoryHubStore();
        var model = new LiveModel(new ModelStore(store, clock).publish(settings.documents(), "story"));
        hub = Hub.over(store, model, new Connectors(List.of(world), clock, folder), clock, Ids.secure(clock));
        api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
        address = "http://127.0.0.1:" + api.start();
        http = new HubClient(address);
        time = new StoryTime(hub, world);
        hub.systems().start();
        acts = new Story(world, time, address, new PrintWriter(told, true)).acts();
    }

    /** Plays the next act. */
    void play() {
        acts.get(played++).play().run();
    }

    boolean isOver() {
        return played == acts.size();
    }

    @Override
    public void close() {
        api.close();
        hub.close();
    }
}
