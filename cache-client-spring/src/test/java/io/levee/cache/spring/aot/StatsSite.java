package io.levee.cache.spring.aot;

import io.levee.cache.CacheLoader;
import io.levee.cache.ReadThroughCache;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.LoaderOf;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import io.levee.cache.spring.annotation.ReadThrough;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that has one of everything. It visits itself, prints what it saw, a line each, and ends. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
public class StatsSite {
    record Stats(long project, int backers) {}

    record Owner(String name) {}

    record User(int id, Owner owner) {}

    record Question(long project, Owner asker) {}

    record Comment(String text) {}

    /** Counts what it is asked. */
    static class Database {
        private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

        Stats stats(String by, long project) {
            asked.computeIfAbsent(by, unused -> new AtomicInteger()).incrementAndGet();
            return new Stats(project, 7);
        }

        int asked(String by) {
            return asked.getOrDefault(by, new AtomicInteger()).get();
        }
    }

    /** What it shows. */
    static class Pages {
        private final Database database;

        Pages(Database database) {
            this.database = database;
        }

        @ReadThrough("one")
        public Stats one(long project) {
            return database.stats("one", project);
        }

        @ReadThrough(cacheNames = "answers", key = "#question.asker.name", unless = "#result.backers < 1")
        public Stats answer(Question question) {
            return database.stats("answers", question.project());
        }

        @ReadThrough("by-question")
        public Stats byQuestion(Question question, int page) {
            return database.stats("by-question", question.project());
        }

        @ReadThrough("many")
        public Map<Long, Stats> many(Collection<Long> projects) {
            return projects.stream().collect(Collectors.toMap(Function.identity(), id -> database.stats("many", id)));
        }

        @ReadThrough("warm")
        @PeriodicWriteThrough(fixedRate = "100ms", keySupplier = "promoted")
        public Stats warm(long project) {
            return database.stats("warm", project);
        }

        @Invalidate(cacheNames = "one", key = "#question.project")
        public void change(Question question) {}

        @Cacheable(cacheNames = "comments", sync = true)
        public List<Comment> comments(Question question) {
            return List.of(new Comment("by " + database.stats("comments", 1).backers()));
        }

        @CacheEvict("comments")
        public void comment(Question question) {}
    }

    @Bean
    Database database() {
        return new Database();
    }

    @Bean
    Pages pages(Database database) {
        return new Pages(database);
    }

    @Bean
    Supplier<Collection<Long>> promoted() {
        return () -> List.of(5L);
    }

    @Bean
    CacheDefinition<Long, Stats> projectStats(Database database) {
        return CacheDefinition.of("project-stats", Long.class, Stats.class)
                .loader(id -> database.stats("project-stats", id));
    }

    @Bean
    @LoaderOf("users")
    CacheLoader<Integer, List<User>> userLoader(Database database) {
        return id -> List.of(
                new User(id, new Owner("owner " + database.stats("users", id).project())));
    }

    @Bean
    Visit visit(
            Database database,
            Pages pages,
            ReadThroughCache<Long, Stats> stats,
            @Qualifier("users") ReadThroughCache<Integer, List<User>> users) {
        return new Visit(database, pages, stats, users);
    }

    /** Asks for everything twice. */
    record Visit(
            Database database,
            Pages pages,
            ReadThroughCache<Long, Stats> stats,
            ReadThroughCache<Integer, List<User>> users) {

        void everything() {
            Question question = new Question(1, new Owner("o'hara"));
            twice("project-stats", () -> stats.get(1L));
            twice("users", () -> users.get(2));
            twice("one", () -> pages.one(1));
            pages.change(question);
            twice("one", () -> pages.one(1));
            twice("answers", () -> pages.answer(question));
            twice("by-question", () -> pages.byQuestion(question, 2));
            twice("many", () -> pages.many(List.of(1L, 2L)));
            twice("comments", () -> pages.comments(question));
            pages.comment(question);
            twice("comments", () -> pages.comments(question));
            awaitTwoRounds();
            say("warm " + pages.warm(5));
        }

        private void twice(String cache, Supplier<Object> read) {
            Object first = read.get();
            Object second = read.get();
            say(cache + " " + first + " " + first.equals(second) + " " + database.asked(cache));
        }

        /** Nobody else asks for it. */
        private void awaitTwoRounds() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (database.asked("warm") < 2) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("nothing was written through within a minute");
                }
                Thread.onSpinWait();
            }
        }
    }

    private static void say(String line) {
        System.out.println("site: " + line);
    }

    private static String read(String address) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext context = SpringApplication.run(StatsSite.class, args)) {
            say("generated " + AotDetector.useGeneratedArtifacts());
            context.getBean(Visit.class).everything();
            String port = context.getEnvironment().getProperty("local.server.port");
            say("endpoint " + read("http://127.0.0.1:" + port + "/actuator/levee/project-stats?key=1"));
        }
    }
}
