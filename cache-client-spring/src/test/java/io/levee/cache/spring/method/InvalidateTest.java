package io.levee.cache.spring.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levee.cache.spring.Application;
import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.ReadThrough;
import io.levee.examples.memcached.MemcachedNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
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

        @Invalidate(cacheNames = "totals", key = "'' + #project")
        public void byText(long project) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Shop {
        @Bean
        DataSource database() {
            JdbcDataSource database = new JdbcDataSource();
            database.setURL("jdbc:h2:mem:pledges;DB_CLOSE_DELAY=-1");
            return database;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource database) {
            return new DataSourceTransactionManager(database);
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
            JdbcClient jdbc = JdbcClient.create(context.getBean(DataSource.class));
            jdbc.sql("drop table if exists pledge").update();
            jdbc.sql("create table pledge(project bigint, amount bigint)").update();
            visit.to(context.getBean(Pledges.class));
        });
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
