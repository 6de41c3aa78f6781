package io.levee.examples.site.database;

import com.zaxxer.hikari.HikariDataSource;
import io.levee.examples.site.SiteProperties;
import java.sql.SQLException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The site's database: embedded, or PostgreSQL with the profile {@code postgres}. Either has its tables when the bean is there. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    @Bean
    @Profile("!postgres")
    EmbeddedDatabase embeddedDatabase(SiteProperties properties) throws SQLException {
        return EmbeddedDatabase.create(properties);
    }

    @Bean
    @Profile("!postgres")
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(EmbeddedDatabase database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(EmbeddedDatabase.USER);
        return pool;
    }

    @Bean
    @Profile("postgres")
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource postgres(DataSourceProperties source, SiteProperties properties) {
        String url = source.determineUrl();
        try {
            Tables.POSTGRES.createIfMissing(url, source.determineUsername(), source.determinePassword(), properties);
        } catch (SQLException e) {
            throw new NoDatabaseException(url, e);
        }
        return source.initializeDataSourceBuilder().type(HikariDataSource.class).build();
    }
}
