package io.levee.cache.spring.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.ReadThroughCache;
import io.levee.cache.spring.Application;
import io.levee.cache.spring.CacheDefinition;
import io.levee.cache.spring.LeveeCaches;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.examples.memcached.MemcachedNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Invalidations by methods, and where the annotations stand to transactions. */
class InvalidateTest {
    record Pledge(long project, long amount) {}

    /** The rows of a real table, within real transactions. */
    static class Pledges {
        private final JdbcClient jdbc;
        private final List<String> log;

        Pledges(DataSource database, List<String> log) {
            this.jdbc = JdbcClient.create(database);
            this.log = log;
        }

        @Transactional
        @ReadThrough("totals")
        public long total(long project) {
            log.add("total " + project + (TransactionSynchronizationManager.isActualTransactionActive() ? " in" : ""));
            return jdbc.sql("select coalesce(sum(amount), 0) from pledge where project = ?")
                    .param(project)
                    .query(Long.class)
                    .single();
        }

        @Transactional
        @Invalidate(cacheNames = "totals", key = "#pledges.![project]")
        public void save(List<Pledge> pledges) {
            pledges.forEach(pledge -> jdbc.sql("insert into pledge values (?, ?)")
                    .params(pledge.project(), pledge.amount())
                    .update());
            if (pledges.stream().anyMatch(pledge -> pledge.amount() < 0)) {
                throw new IllegalStateException("less than nothing");
            }
        }

        @Invalidate(cacheNames = "totals", condition = "#result > 0")
        public int touch(long project) {
            return (int) project - 1;
        }

        @Invalidate(cacheNames = "totals", allEntries = true)
        public void forgetAll() {}

        @ReadThrough("names")
        public String name(long project) {
            log.add("name " + project);
            return "project " + project;
        }

        @ReadThrough("renamed")
        @CacheEvict("names")
        public String renamed(long project) {
            log.add("renamed " + project);
            return "renamed " + project;
        }

        @Invalidate("defined")
        public void redefine(long project) {}

        @Invalidate({"totals", "names"})
        public void rename(long project) {}

        @Invalidate(cacheNames = "totals", key = "'' + #project")
        public void byText(long project) {}
    }

    /** Real transactions that are counted, and looked at before they are committed. */
    static class Transactions extends DataSourceTransactionManager {
        private static final long serialVersionUID = 1L;

        private final transient AtomicInteger begun = new AtomicInteger();
        private transient volatile Runnable beforeCommit = () -> {};

        Transactions(DataSource database) {
            super(database);
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            begun.incrementAndGet();
            super.doBegin(transaction, definition);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            beforeCommit.run();
            super.doCommit(status);
        }
    }

    /** Advice of Spring's is not of the lowest precedence here, where the order of beans would decide which is outside. */
    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = Ordered.LOWEST_PRECEDENCE - 50)
    @EnableCaching(order = Ordered.LOWEST_PRECEDENCE - 50)
    static class Shop {
        @Bean
        DataSource database() {
            JdbcDataSource database = new JdbcDataSource();
            database.setURL("jdbc:h2:mem:pledges;DB_CLOSE_DELAY=-1");
            return database;
        }

        @Bean
        Transactions transactionManager(DataSource database) {
            return new Transactions(database);
        }

        @Bean
        CacheDefinition<Long, String> defined() {
            return CacheDefinition.of("defined", Long.class, String.class).loader(id -> "defined " + id);
        }

        @Bean
        Pledges pledges(DataSource database, List<String> log) {
            return new Pledges(database, log);
        }
    }

    private static MemcachedNode node;
    private final List<String> log = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        node = MemcachedNode.builder().start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void clear() {
        node.restart();
    }

    private interface Visit {
        void to(Pledges pledges) throws Exception;
    }

    private void run(Visit visit) {
        application().run(context -> {
            create(context.getBean(DataSource.class));
            visit.to(context.getBean(Pledges.class));
        });
    }

    private static void create(DataSource database) {
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("drop table if exists pledge").update();
        jdbc.sql("create table pledge(project bigint, amount bigint)").update();
    }

    private ApplicationContextRunner application() {
        return Application.on(node).withBean("log", List.class, () -> log).withUserConfiguration(Shop.class);
    }

    @Test
    void hit_ofATransactionalMethod_beginsNoTransaction_andALoadDoes() {
        run(pledges -> {
            assertThat(pledges.total(1)).isZero();
            assertThat(pledges.total(1)).isZero();
            assertThat(log).containsExactly("total 1 in");
        });
        application().run(context -> {
            context.getBean(Pledges.class).total(1);
            assertThat(context.getBean(Transactions.class).begun).hasValue(0);
        });
    }

    @Test
    void invalidation_comesAfterTheCommit() {
        application().run(context -> {
            create(context.getBean(DataSource.class));
            ReadThroughCache<Object, Object> totals = cache(context, "totals");
            Pledges pledges = context.getBean(Pledges.class);
            pledges.total(1);
            Transactions transactions = context.getBean(Transactions.class);
            transactions.beforeCommit =
                    () -> log.add("commit, cached: " + totals.peek(1L).isPresent());

            pledges.save(List.of(new Pledge(1, 10)));

            assertThat(log).containsExactly("total 1 in", "commit, cached: true");
            assertThat(totals.peek(1L)).isEmpty();
        });
    }

    @SuppressWarnings("unchecked") // keys are given as they are
    private static ReadThroughCache<Object, Object> cache(ApplicationContext context, String name) {
        return (ReadThroughCache<Object, Object>)
                context.getBean(LeveeCaches.class).find(name).orElseThrow();
    }

    @Test
    void springsAnnotations_onTheSameMethod_takePartInLoadsOnly() {
        run(pledges -> {
            pledges.name(1);
            pledges.renamed(1);
            pledges.name(1);
            pledges.renamed(1);
            pledges.name(1);
            assertThat(log).containsExactly("name 1", "renamed 1", "name 1");
        });
    }

    @Test
    void cacheOfADefinition_canBeInvalidatedToo() {
        application().run(context -> {
            ReadThroughCache<Object, Object> defined = cache(context, "defined");
            defined.get(1L);
            defined.get(2L);
            context.getBean(Pledges.class).redefine(1);
            assertThat(defined.peek(1L)).isEmpty();
            assertThat(defined.peek(2L)).isPresent();
        });
    }

    @Test
    void collectionOfKeys_isManyKeys_afterTheCommit() {
        run(pledges -> {
            pledges.total(1);
            pledges.total(2);
            pledges.total(3);
            pledges.save(List.of(new Pledge(1, 10), new Pledge(2, 20)));
            assertThat(pledges.total(1)).isEqualTo(10);
            assertThat(pledges.total(2)).isEqualTo(20);
            assertThat(pledges.total(3)).isZero();
            assertThat(log).containsExactly("total 1 in", "total 2 in", "total 3 in", "total 1 in", "total 2 in");
        });
    }

    @Test
    void methodThatFails_invalidatesNothing() {
        run(pledges -> {
            pledges.total(1);
            assertThatThrownBy(() -> pledges.save(List.of(new Pledge(1, -1)))).hasMessage("less than nothing");
            pledges.total(1);
            assertThat(log).hasSize(1);
        });
    }

    @Test
    void condition_isAskedWithTheResult() {
        run(pledges -> {
            pledges.total(1);
            pledges.total(2);
            pledges.touch(1);
            pledges.touch(2);
            pledges.total(1);
            pledges.total(2);
            assertThat(log).containsExactly("total 1 in", "total 2 in", "total 2 in");
        });
    }

    @Test
    void allEntries_areAll() {
        run(pledges -> {
            pledges.total(1);
            pledges.total(2);
            pledges.forgetAll();
            pledges.total(1);
            pledges.total(2);
            assertThat(log).hasSize(4);
        });
    }

    @Test
    void severalCaches_areAllOfThem() {
        run(pledges -> {
            pledges.total(1);
            pledges.name(1);
            pledges.name(2);
            pledges.rename(1);
            pledges.total(1);
            pledges.name(1);
            pledges.name(2);
            assertThat(log).containsExactly("total 1 in", "name 1", "name 2", "total 1 in", "name 1");
        });
    }

    @Test
    void keyOfAnotherType_isRefused_ratherThanMissed() {
        run(pledges -> assertThatIllegalArgumentException()
                .isThrownBy(() -> pledges.byText(1))
                .withMessageContaining(Pledges.class.getName() + ".byText")
                .withMessageContaining("java.lang.Long")
                .withMessageContaining("java.lang.String"));
    }

    @Test
    void nodeKilled_isNotThrown() {
        run(pledges -> {
            pledges.total(1);
            node.kill();
            pledges.save(List.of(new Pledge(1, 10)));
            assertThat(pledges.total(1)).isEqualTo(10);
        });
    }
}
