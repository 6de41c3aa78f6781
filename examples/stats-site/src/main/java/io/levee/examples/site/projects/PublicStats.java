package io.levee.examples.site.projects;

import io.levee.cache.spring.annotation.PeriodicWriteThrough;
import io.levee.cache.spring.annotation.ReadThrough;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/** The public stats, whose query is slow: so they are kept warm, and no visitor waits for one. */
@Service
public class PublicStats {
    private final ProjectTable table;

    public PublicStats(ProjectTable table) {
        this.table = table;
    }

    @ReadThrough("public-stats")
    @PeriodicWriteThrough(fixedRate = "${site.stats-period:20s}", keySupplier = "categories")
    public CategoryStats stats(Category category) {
        return table.stats(category);
    }

    /** Of several; the database is asked for those that the cache does not have. */
    @ReadThrough("public-stats")
    public Map<Category, CategoryStats> stats(Collection<Category> categories) {
        return categories.stream().collect(Collectors.toMap(Function.identity(), table::stats));
    }

    /** Which stats are kept warm. */
    @Configuration(proxyBeanMethods = false)
    static class KeptWarm {
        @Bean
        Supplier<Collection<Category>> categories() {
            return () -> List.of(Category.values());
        }
    }
}
